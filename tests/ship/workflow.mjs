// SPDX-License-Identifier: MIT
// Reads workflows as GitHub does, by the package @actions/workflow-parser, and prints their faults:
// node workflow.mjs NODE_MODULES WORKFLOW...
import { readFileSync } from "node:fs";

const [modules, ...files] = process.argv.slice(2);
const parser = `${modules}/@actions/workflow-parser/dist`;
const { convertWorkflowTemplate, NoOperationTraceWriter, parseWorkflow } = await import(`${parser}/index.js`);

for (const name of files) {
  const trace = new NoOperationTraceWriter();
  const { context, value } = parseWorkflow({ name, content: readFileSync(name, "utf8") }, trace);
  if (value) await convertWorkflowTemplate(context, value);
  for (const error of context.errors.getErrors()) {
    console.log(error.message);
    process.exitCode = 1;
  }
}
