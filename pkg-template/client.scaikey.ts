// ScaiKey's webhook administration.
import {
  type CallOptions,
  Client,
  type ClientOptions,
  callOptions,
  jsonText,
  numberText,
  optionalText,
  textArg,
} from "./client.js";
import { ANY_JSON } from "./client.reasons.js";
import { credentialOf, scaiKeyRequest, type Text } from "./sdk.js";

/** What {@link ScaiKeyWebhooks} must and can be told. */
export interface ScaiKeyOptions extends ClientOptions {
  /** Where the server is: it is the customer's own. */
  baseUrl: string;
  /** The JWT; or a function that gives it, called before each attempt. */
  token: string | (() => string | Promise<string>);
}

/**
 * ScaiKey's webhook administration: one method for each endpoint. Bodies are published as objects of no known form, so
 * each method takes a type for its answer, which is not checked.
 *
 * The token is sent to the server's own origin only, and is in no error and no printed form of any object.
 *
 * Every method throws {@link ApiError}, {@link ApiConnectionError}, {@link ApiResponseError} or the signal's reason; and
 * before anything is sent a `TypeError` (`invalid_id`, `invalid_body`, `invalid_option`, `invalid_api_key`) or a
 * `RangeError` (`invalid_option`: a number).
 *
 * @example
 * ```ts
 * import { ScaiKeyWebhooks } from "hookseal/scaikey";
 *
 * const webhooks = new ScaiKeyWebhooks({
 *   baseUrl: "https://id.example.com",
 *   token: async () => "a.fresh.jwt",
 *   fetch: async (url) => Response.json({ asked: url }), // only because this example has no network
 * });
 * console.log(await webhooks.get("wh 1"));
 * // { asked: 'https://id.example.com/api/v1/admin/webhooks/wh%201' }
 * ```
 */
export class ScaiKeyWebhooks {
  readonly #client: Client;

  /**
   * @throws {TypeError} `invalid_api_key`, `invalid_base_url`, `invalid_option`, `invalid_headers`
   * @throws {RangeError} `invalid_option`: a number out of its range
   */
  constructor(options: ScaiKeyOptions) {
    const given = callOptions(options);
    const { token } = given;
    if (typeof token !== "function") credentialOf(textArg(token));
    this.#client = new Client(given.baseUrl, () => (typeof token === "function" ? token() : token), given);
  }

  /** Lists webhooks. `GET /api/v1/admin/webhooks/` */
  async list<T = unknown>(
    options?: CallOptions & { page?: number; perPage?: number; tenantId?: string; partnerId?: string },
  ): Promise<T> {
    const { page, perPage, tenantId, partnerId } = callOptions(options);
    const scope = [optionalText("tenantId", tenantId), optionalText("partnerId", partnerId)] as const;
    return this.#call(options, 0, numberText(page), numberText(perPage), ...scope);
  }

  /** Creates a webhook. `POST /api/v1/admin/webhooks/` */
  async create<T = unknown, B extends object = object>(body: B, options?: CallOptions): Promise<T> {
    return this.#call(options, 1, jsonText(body));
  }

  /** Lists the event types. `GET /api/v1/admin/webhooks/events` */
  async events<T = unknown>(options?: CallOptions): Promise<T> {
    return this.#call(options, 2);
  }

  /** Removes a webhook. `DELETE /api/v1/admin/webhooks/{webhook_id}` */
  async delete(id: string, options?: CallOptions): Promise<void> {
    const { signal } = callOptions(options);
    await this.#client.send(scaiKeyRequest(3, this.#client.base, textArg(id)), undefined, signal);
  }

  /** Reads a webhook. `GET /api/v1/admin/webhooks/{webhook_id}` */
  async get<T = unknown>(id: string, options?: CallOptions): Promise<T> {
    return this.#call(options, 4, textArg(id));
  }

  /** Changes a webhook. `PATCH /api/v1/admin/webhooks/{webhook_id}` */
  async update<T = unknown, B extends object = object>(id: string, body: B, options?: CallOptions): Promise<T> {
    return this.#call(options, 5, textArg(id), jsonText(body));
  }

  /** Lists a webhook's deliveries. `GET /api/v1/admin/webhooks/{webhook_id}/deliveries` */
  async deliveries<T = unknown>(
    id: string,
    options?: CallOptions & { page?: number; perPage?: number; status?: string },
  ): Promise<T> {
    const { page, perPage, status } = callOptions(options);
    const only = optionalText("status", status);
    return this.#call(options, 6, textArg(id), numberText(page), numberText(perPage), only);
  }

  /** Reads one delivery. `GET /api/v1/admin/webhooks/{webhook_id}/deliveries/{delivery_id}` */
  async delivery<T = unknown>(id: string, deliveryId: number, options?: CallOptions): Promise<T> {
    return this.#call(options, 7, textArg(id), numberText(deliveryId));
  }

  /** Delivers once more. `POST /api/v1/admin/webhooks/{webhook_id}/deliveries/{delivery_id}/retry` */
  async retry<T = unknown>(id: string, deliveryId: number, options?: CallOptions): Promise<T> {
    return this.#call(options, 8, textArg(id), numberText(deliveryId));
  }

  /** Gives a webhook a new signing secret. `POST /api/v1/admin/webhooks/{webhook_id}/rotate-secret` */
  async rotateSecret<T = unknown>(id: string, options?: CallOptions): Promise<T> {
    return this.#call(options, 9, textArg(id));
  }

  /** Reads a webhook's statistics. `GET /api/v1/admin/webhooks/{webhook_id}/stats` */
  async stats<T = unknown>(id: string, options?: CallOptions): Promise<T> {
    return this.#call(options, 10, textArg(id));
  }

  /** Sends a test event. `POST /api/v1/admin/webhooks/{webhook_id}/test` */
  async test<T = unknown>(id: string, options?: CallOptions): Promise<T> {
    return this.#call(options, 11, textArg(id));
  }

  async #call<T>(options: CallOptions | undefined, number: number, a?: Text, b?: Text, c?: Text, d?: Text): Promise<T> {
    const { signal } = callOptions(options);
    return (await this.#client.send(scaiKeyRequest(number, this.#client.base, a, b, c, d), ANY_JSON, signal)) as T;
  }
}
