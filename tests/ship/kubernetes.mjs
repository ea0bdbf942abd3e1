// SPDX-License-Identifier: MIT
// Validates a manifest of Deployments against Kubernetes' own schema, as the package
// kubernetes-models has it: node kubernetes.mjs NODE_MODULES MANIFEST
import { readFileSync } from "node:fs";

const [modules, manifest] = process.argv.slice(2);
const { default: yaml } = await import(`${modules}/yaml/dist/index.js`);
const { Deployment } = await import(`${modules}/kubernetes-models/apps/v1/index.js`);

for (const doc of yaml.parseAllDocuments(readFileSync(manifest, "utf8"), { strict: true })) {
  if (doc.errors.length) throw doc.errors[0];
  new Deployment(doc.toJS()).validate();
  console.log(`${doc.get("kind")} ${doc.getIn(["metadata", "name"])} is valid`);
}
