// Submits a document, is told when it is done, and prints the result: node main.mjs <document URL>
import { Reducto } from "hookseal/reducto";
import { chooseWebhook } from "./choose.mjs";
import { startReceiver } from "./receiver.mjs";

const input = process.argv[2];
if (!input) throw new Error("which document? node main.mjs https://example.com/document.pdf");

const reducto = new Reducto(); // REDUCTO_API_KEY and, if it is set, REDUCTO_BASE_URL
const { webhook, verify } = chooseWebhook(process.env);
const receiver = await startReceiver(Number(process.env.PORT ?? 3000), verify);
console.log(`receiving on port ${receiver.port}`);
try {
  const id = await reducto.submit("parse", { input }, { webhook, metadata: { document: input } });
  console.log(`submitted ${id}`);

  const update = await receiver.update(id);
  console.log(`told: ${update.status}`);
  // A job that failed has no result: this throws, and says why it failed.
  console.log(JSON.stringify(await reducto.result(update)));
} finally {
  receiver.stop();
}
