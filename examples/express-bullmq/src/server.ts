// Receives Reducto's webhooks with Express: answers 202 once BullMQ has the delivery.
import express from "express";
import { expressReceiver } from "hookseal/express";
import { receiver } from "./receiver.js";

const PATH = "/webhooks/reducto";

const app = express();
app.disable("x-powered-by");
app.use(PATH, expressReceiver(receiver));

const port = Number(process.env.PORT ?? 3000);
app.listen(port, () => console.log(`listening on http://localhost:${port}${PATH}`));
