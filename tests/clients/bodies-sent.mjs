// Bodies on their way out: whole, and each with its own request, however many are under way.

import { equal } from "../suite/harness.mjs";
import { clientTest, fault } from "./target.mjs";

clientTest("calls at the same time do not mix", async () => {
  const { reducto, scaikey, arrived } = fault("good", { headers: { "x-trace": "7" } });
  const numbers = Array.from({ length: 40 }, (_, n) => n);
  await Promise.all(
    numbers.map((n) =>
      n % 2 === 0
        ? reducto.submit("parse", { input: "x".repeat(n * 997) }, { metadata: { n } })
        : scaikey.update(`w${n}`, { n, text: "é".repeat(n * 991) }),
    ),
  );
  const requests = await arrived();
  equal(requests.length, 40);
  for (const n of numbers) {
    const fits = requests.filter(({ path, body }) => {
      const value = JSON.parse(body);
      return n % 2 === 0
        ? path === "/parse_async" && value.async?.metadata?.n === n && value.input.length === n * 997
        : path === `/api/v1/admin/webhooks/w${n}` && value.n === n && value.text.length === n * 991;
    });
    equal(fits.length, 1, `requests of number ${n}`);
  }
});

clientTest("a long body arrives whole, as do all characters", async () => {
  const { reducto, scaikey, arrived } = fault("good");
  const body = {
    input: `${"0123456789abcdef".repeat(200_000)}é\u2028\u{1f600}"\\\n\0`,
    "": [1.5, -0.25, 1e21, null, true],
  };
  await reducto.submit("pipeline", body);
  await scaikey.create(body);
  for (const request of await arrived()) equal(JSON.parse(request.body), body, request.path);
});

clientTest("members named as those of every object arrive", async () => {
  const { reducto, arrived } = fault("good");
  const body = JSON.parse('{"__proto__":{"a":1},"constructor":2,"toString":3}');
  await reducto.submit("parse", body, { metadata: JSON.parse('{"__proto__":1}') });
  equal(
    (await arrived())[0]?.body.replaceAll(" ", ""),
    '{"__proto__":{"a":1},"constructor":2,"toString":3,"async":{"metadata":{"__proto__":1}}}',
  );
});
