// Prints the hand-written gateway's key set and a token for it, as two lines of JSON and text.
import { exportJWK, generateKeyPair, SignJWT } from "jose";

const { privateKey, publicKey } = await generateKeyPair("RS256", { extractable: true });
const key = { ...(await exportJWK(publicKey)), kid: "bench", alg: "RS256", use: "sig" };
const token = await new SignJWT({ scope: "read:pets" })
  .setProtectedHeader({ alg: "RS256", kid: "bench" })
  .setIssuer("bench")
  .setSubject("bench-client")
  .setIssuedAt()
  .setExpirationTime("2h")
  .sign(privateKey);
console.log(JSON.stringify({ keys: [key] }));
console.log(token);
