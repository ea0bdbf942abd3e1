// SPDX-License-Identifier: MIT
// Validates a manifest of Deployments against Kubernetes' own schema, as the package
// kubernetes-models has it, and one with init containers also against the policy "restricted", as
// far as that concerns containers: node kubernetes.mjs NODE_MODULES MANIFEST
import { readFileSync } from "node:fs";

const [modules, manifest] = process.argv.slice(2);
const { default: yaml } = await import(`${modules}/yaml/dist/index.js`);
const { Deployment } = await import(`${modules}/kubernetes-models/apps/v1/index.js`);

// 0755 is octal in YAML 1.1, which kubectl reads.
const options = { strict: true, version: "1.1" };

function restricted(pod) {
  for (const container of [...pod.initContainers, ...pod.containers]) {
    const { capabilities, allowPrivilegeEscalation, privileged } = container.securityContext;
    const { runAsNonRoot, seccompProfile } = { ...pod.securityContext, ...container.securityContext };
    if (!runAsNonRoot || seccompProfile?.type !== "RuntimeDefault" || privileged ||
        allowPrivilegeEscalation !== false || capabilities?.drop?.join() !== "ALL")
      throw new Error(`${container.name}: the policy "restricted" does not admit it`);
  }
}

for (const doc of yaml.parseAllDocuments(readFileSync(manifest, "utf8"), options)) {
  if (doc.errors.length) throw doc.errors[0];
  new Deployment(doc.toJS()).validate();
  const pod = doc.toJS().spec.template.spec;
  if (pod.initContainers) restricted(pod);
  console.log(`${doc.get("kind")} ${doc.getIn(["metadata", "name"])} is valid`);
}
