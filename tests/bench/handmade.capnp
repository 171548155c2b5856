# The hand-written gateway on stock workerd; `dist/handmade.js` is bundled by `cargo xtask bench`.
using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  services = [
    (name = "handmade", worker = (
      modules = [(name = "handmade.js", esModule = embed "dist/handmade.js")],
      compatibilityDate = "2026-08-01",
      durableObjectNamespaces = [(className = "Counter", uniqueKey = "bench-counter", enableSql = true)],
      durableObjectStorage = (inMemory = void),
      bindings = [
        (name = "UPSTREAM", fromEnvironment = "BENCH_UPSTREAM"),
        (name = "JWKS", fromEnvironment = "BENCH_JWKS"),
        (name = "COUNTER", durableObjectNamespace = "Counter"),
      ],
    )),
    (name = "internet", network = (allow = ["private", "public"])),
  ],
  sockets = [(name = "http", address = "127.0.0.1:0", http = (), service = "handmade")],
);
