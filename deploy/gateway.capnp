# One more gateway before a running platform, in a process of its own: as many as there are cores or machines.
# The platform lends it KV, the counters and the statistics by sockets that only their owner may open:
#
#   cd deploy; workerd serve --experimental gateway.capnp --socket-addr=http=127.0.0.1:8790 \
#     --external-addr=kv=unix:<dir>/kv --external-addr=traffic=unix:<dir>/traffic --external-addr=analytics=unix:<dir>/analytics \
#     --external-addr=keys=unix:<dir>/keys --external-addr=shaper=unix:<dir>/shaper
#
# The platform opens them with `--socket-addr=kv=unix:<dir>/kv` and so on, from shared.capnp in the place of postern.capnp.
using Workerd = import "/workerd/workerd.capnp";

const config :Workerd.Config = (
  services = [
    (name = "gateway", worker = .gateway),
    (name = "kv", external = (http = ())),
    (name = "traffic", external = (http = ())),
    (name = "analytics", external = (http = ())),
    (name = "keys", external = (http = ())),
    (name = "shaper", external = (http = ())),
    (name = "internet", network = (allow = ["public", "private"], tlsOptions = (trustBrowserCas = true))),
  ],
  sockets = [(name = "http", address = "127.0.0.1:8790", http = (), service = "gateway")],
);

const gateway :Workerd.Worker = (
  modules = [
    (name = "index.js", esModule = embed "../workers/gateway/build/index.js"),
    (name = "index_bg.wasm", wasm = embed "../workers/gateway/build/index_bg.wasm"),
  ],
  compatibilityDate = "2026-11-01",
  # A call whose client breaks its connection off is heard of: workers/gateway/src/entry.js.
  compatibilityFlags = ["enable_request_signal"],
  bindings = [
    (name = "CONFIG", kvNamespace = "kv"),
    (name = "TRAFFIC", service = "traffic"),
    (name = "ANALYTICS", service = "analytics"),
    (name = "KEYS", service = "keys"),
    (name = "SHAPER", service = "shaper"),
    (name = "ENVIRONMENT", text = "Default"),
    (name = "CONFIG_REFRESH_MS", text = "2000"),
    # Set POSTERN_CLIENT_ADDRESS_HEADER only behind a proxy that writes that header over whatever the client claimed.
    (name = "CLIENT_ADDRESS_HEADER", fromEnvironment = "POSTERN_CLIENT_ADDRESS_HEADER"),
    (name = "CLIENT_CERTIFICATE", fromEnvironment = "POSTERN_CLIENT_CERTIFICATE"),
    (name = "GATEWAY_NAME", fromEnvironment = "POSTERN_GATEWAY_NAME"),
    (name = "FAULT_STATUSES", fromEnvironment = "POSTERN_FAULT_STATUSES"),
    (name = "CALLS_AT_ONCE", fromEnvironment = "POSTERN_CALLS_AT_ONCE"),
    (name = "OTLP_ENDPOINT", fromEnvironment = "POSTERN_OTLP_ENDPOINT"),
    (name = "OTLP_HEADERS", fromEnvironment = "POSTERN_OTLP_HEADERS"),
    (name = "OTLP_SAMPLE_RATIO", fromEnvironment = "POSTERN_OTLP_SAMPLE_RATIO"),
  ],
);
