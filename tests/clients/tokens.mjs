// What the clients under test authenticate with. None of it may show up anywhere but in the Authorization header.

export const API_KEY = "reducto-API-KEY-5e0c1b2a3948";
export const JWT = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJKV1QtU1VCSkVDVCJ9.JWT-SIGNATURE-77aa";

/** The key in the fragment of the portal URLs of `cases.mjs` and of the contract. */
export const PORTAL_KEYS = ["PORTAL-KEY", "cG9ydGFsLWtleQ"];
