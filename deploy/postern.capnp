# The platform on stock workerd: `cargo xtask serve` fills in the socket, the folders and the environment.
#
#   cd deploy; workerd serve --experimental postern.capnp --socket-addr=http=127.0.0.1:8787 \
#     --directory-path=objects-disk=<dir> --directory-path=system-disk=<dir> --directory-path=blobs-disk=<dir>
#
# with POSTERN_ORIGIN, POSTERN_ISSUER, POSTERN_KEK and POSTERN_SETUP_TOKEN in the environment. KV, D1 and cron are
# the services that workerd brings; Durable Objects, KV and D1 keep SQLite files on the disks.
using Workerd = import "/workerd/workerd.capnp";

const config :Workerd.Config = (
  services = .services,
  sockets = [
    (name = "http", address = "127.0.0.1:8787", http = (), service = "front"),
  ]
);

const services :List(Workerd.Service) = [
  (name = "front", assets = (path = "../pages/dist", config = "{\"run_worker_first\":true}", userWorker = "front-worker")),
  (name = "front-worker", worker = .front),
  (name = "gateway", worker = .gateway),
  (name = "keys", worker = .keys),
  (name = "traffic", worker = .traffic),
  (name = "analytics", worker = .analytics),
  (name = "portal-api", worker = .portalApi),
  (name = "shaper", worker = .shaper),
  (name = "kv", worker = .kv),
  (name = "d1", worker = .d1),
  (name = "cron", worker = .cron),
  (name = "objects-disk", disk = (path = "../.postern/serve/objects", writable = true)),
  (name = "system-disk", disk = (path = "../.postern/serve/system", writable = true)),
  (name = "blobs-disk", disk = (path = "../.postern/serve/blobs", writable = true)),
  # Upstreams may be on the same network; whose address is allowed is portal-api's to decide.
  (name = "internet", network = (allow = ["public", "private"], tlsOptions = (trustBrowserCas = true))),
];

const date :Text = "2026-11-01";

const front :Workerd.Worker = (
  modules = [
    (name = "index.js", esModule = embed "../workers/front/build/index.js"),
    (name = "index_bg.wasm", wasm = embed "../workers/front/build/index_bg.wasm"),
  ],
  compatibilityDate = .date,
  bindings = [
    (name = "ASSETS", service = (name = "front", entrypoint = "AssetWorker")),
    (name = "GATEWAY", service = "gateway"),
    (name = "KEYS", service = "keys"),
    (name = "PORTAL", service = "portal-api"),
    (name = "ORIGIN", fromEnvironment = "POSTERN_ORIGIN"),
    (name = "SAMPLE_UPSTREAM", text = "on"),
  ],
);

const gateway :Workerd.Worker = (
  modules = [
    (name = "index.js", esModule = embed "../workers/gateway/build/index.js"),
    (name = "index_bg.wasm", wasm = embed "../workers/gateway/build/index_bg.wasm"),
  ],
  compatibilityDate = .date,
  # A call whose client breaks its connection off is heard of: workers/gateway/src/entry.js.
  compatibilityFlags = ["enable_request_signal"],
  bindings = [
    (name = "CONFIG", kvNamespace = (name = "kv", props = (json = "{\"namespace\":\"postern-config\"}"))),
    (name = "KEYS", service = "keys"),
    (name = "SHAPER", service = "shaper"),
    (name = "ANALYTICS", service = "analytics"),
    (name = "TRAFFIC", durableObjectNamespace = (className = "LimitShard", serviceName = "traffic")),
    (name = "ENVIRONMENT", text = "Default"),
    (name = "CONFIG_REFRESH_MS", text = "2000"),
    (name = "CLIENT_ADDRESS_HEADER", text = "cf-connecting-ip"),
    # Set POSTERN_CLIENT_CERTIFICATE only behind a proxy that ends TLS and writes that header over whatever the client claimed.
    (name = "CLIENT_CERTIFICATE", fromEnvironment = "POSTERN_CLIENT_CERTIFICATE"),
    # Nobody here tells the place, or the versions of TLS and HTTP.
    (name = "CLIENT_DETAILS", text = ""),
    # By which this gateway is known where the platform tells no place.
    (name = "GATEWAY_NAME", fromEnvironment = "POSTERN_GATEWAY_NAME"),
    (name = "FAULT_STATUSES", fromEnvironment = "POSTERN_FAULT_STATUSES"),
    (name = "CALLS_AT_ONCE", fromEnvironment = "POSTERN_CALLS_AT_ONCE"),
    (name = "OTLP_ENDPOINT", fromEnvironment = "POSTERN_OTLP_ENDPOINT"),
    (name = "OTLP_HEADERS", fromEnvironment = "POSTERN_OTLP_HEADERS"),
    (name = "OTLP_SAMPLE_RATIO", fromEnvironment = "POSTERN_OTLP_SAMPLE_RATIO"),
  ],
);

const keys :Workerd.Worker = (
  modules = [
    (name = "index.js", esModule = embed "../workers/keys/build/index.js"),
    (name = "index_bg.wasm", wasm = embed "../workers/keys/build/index_bg.wasm"),
  ],
  compatibilityDate = .date,
  durableObjectNamespaces = [(className = "PasswordHasher", uniqueKey = "postern-keys-PasswordHasher", enableSql = true)],
  durableObjectStorage = (localDisk = "objects-disk"),
  bindings = [
    (name = "HASHERS", durableObjectNamespace = "PasswordHasher"),
    (name = "DB", wrapped = (moduleName = "cloudflare-internal:d1-api", innerBindings = [(name = "fetcher", service = (name = "d1", props = (json = "{\"database\":\"postern\"}")))])),
    (name = "CONFIG", kvNamespace = (name = "kv", props = (json = "{\"namespace\":\"postern-config\"}"))),
    (name = "ISSUER", fromEnvironment = "POSTERN_ISSUER"),
    (name = "PASSWORD_GRANT", text = "tools"),
    (name = "CLIENT_CERTIFICATE", fromEnvironment = "POSTERN_CLIENT_CERTIFICATE"),
    (name = "MAILER", fromEnvironment = "POSTERN_MAILER"),
    (name = "MAILER_URL", fromEnvironment = "POSTERN_MAILER_URL"),
    (name = "MAILER_FROM", fromEnvironment = "POSTERN_MAILER_FROM"),
    (name = "MAILER_KEY", fromEnvironment = "POSTERN_MAILER_KEY"),
    (name = "ALLOW_PRIVATE_ISSUERS", text = "on"),
    (name = "PASSWORD_HASHERS", text = "1"),
    (name = "KEY_ANNOUNCEMENT_SECONDS", fromEnvironment = "KEY_ANNOUNCEMENT_SECONDS"),
    (name = "POSTERN_KEK", fromEnvironment = "POSTERN_KEK"),
    (name = "POSTERN_KEK_PREVIOUS", fromEnvironment = "POSTERN_KEK_PREVIOUS"),
    (name = "POSTERN_SETUP_TOKEN", fromEnvironment = "POSTERN_SETUP_TOKEN"),
  ],
);

const shaper :Workerd.Worker = (
  modules = [
    (name = "index.js", esModule = embed "../workers/shaper/build/index.js"),
    (name = "index_bg.wasm", wasm = embed "../workers/shaper/build/index_bg.wasm"),
  ],
  compatibilityDate = .date,
);

const traffic :Workerd.Worker = (
  modules = [
    (name = "index.js", esModule = embed "../workers/traffic/build/index.js"),
    (name = "index_bg.wasm", wasm = embed "../workers/traffic/build/index_bg.wasm"),
  ],
  compatibilityDate = .date,
  durableObjectNamespaces = [(className = "LimitShard", uniqueKey = "postern-traffic-LimitShard", enableSql = true)],
  durableObjectStorage = (localDisk = "objects-disk"),
  bindings = [(name = "LIMITS", durableObjectNamespace = "LimitShard")],
);

const analytics :Workerd.Worker = (
  modules = [
    (name = "index.js", esModule = embed "../workers/analytics/build/index.js"),
    (name = "index_bg.wasm", wasm = embed "../workers/analytics/build/index_bg.wasm"),
  ],
  compatibilityDate = .date,
  durableObjectNamespaces = [
    (className = "StatStore", uniqueKey = "postern-analytics-StatStore", enableSql = true),
    (className = "Roster", uniqueKey = "postern-analytics-Roster", enableSql = true),
  ],
  durableObjectStorage = (localDisk = "objects-disk"),
  bindings = [
    (name = "STATS", durableObjectNamespace = "StatStore"),
    (name = "ROSTER", durableObjectNamespace = "Roster"),
    (name = "EVENT_STORE", text = "embedded"),
    (name = "ENGINE_URL", text = ""),
    (name = "ENGINE_DATASET", text = ""),
    (name = "EVENT_USERS", fromEnvironment = "POSTERN_EVENT_USERS"),
    (name = "EVENT_ADDRESSES", fromEnvironment = "POSTERN_EVENT_ADDRESSES"),
  ],
);

const portalApi :Workerd.Worker = (
  modules = [
    (name = "index.js", esModule = embed "../workers/portal-api/build/index.js"),
    (name = "index_bg.wasm", wasm = embed "../workers/portal-api/build/index_bg.wasm"),
  ],
  compatibilityDate = .date,
  bindings = [
    (name = "DB", wrapped = (moduleName = "cloudflare-internal:d1-api", innerBindings = [(name = "fetcher", service = (name = "d1", props = (json = "{\"database\":\"postern\"}")))])),
    (name = "CONFIG", kvNamespace = (name = "kv", props = (json = "{\"namespace\":\"postern-config\"}"))),
    (name = "KEYS", service = "keys"),
    (name = "ANALYTICS", service = "analytics"),
    (name = "OTLP_ENDPOINT", fromEnvironment = "POSTERN_OTLP_ENDPOINT"),
    (name = "OTLP_HEADERS", fromEnvironment = "POSTERN_OTLP_HEADERS"),
    (name = "TRAFFIC", durableObjectNamespace = (className = "LimitShard", serviceName = "traffic")),
    (name = "ORIGIN", fromEnvironment = "POSTERN_ORIGIN"),
    (name = "ALLOW_PRIVATE_UPSTREAMS", text = "on"),
  ],
);

const kv :Workerd.Worker = (
  modules = [(name = "kv.js", bundled = "/workerd/kv.js")],
  compatibilityDate = .date,
  durableObjectNamespaces = [(className = "KVNamespace", uniqueKey = "kv", enableSql = true)],
  durableObjectStorage = (localDisk = "system-disk"),
  bindings = [(name = "SHARD", durableObjectNamespace = "KVNamespace"), (name = "BLOBS", service = "blobs-disk")],
);

const d1 :Workerd.Worker = (
  modules = [(name = "d1.js", bundled = "/workerd/d1.js")],
  compatibilityDate = .date,
  durableObjectNamespaces = [(className = "D1Database", uniqueKey = "d1", enableSql = true)],
  durableObjectStorage = (localDisk = "system-disk"),
  bindings = [(name = "DATABASE", durableObjectNamespace = "D1Database")],
);

# Fires the schedules, which publish what a crash left in the outbox.
const cron :Workerd.Worker = (
  modules = [(name = "cron.js", bundled = "/workerd/cron.js")],
  compatibilityDate = .date,
  compatibilityFlags = ["service_binding_extra_handlers"],
  durableObjectNamespaces = [(className = "Schedule", uniqueKey = "cron", enableSql = true)],
  durableObjectStorage = (localDisk = "system-disk"),
  bindings = [
    (name = "SCHEDULE", durableObjectNamespace = "Schedule"),
    (name = "keys", service = "keys"),
    (name = "portal-api", service = "portal-api"),
    (name = "CRONS", json = "{\"keys\":[\"* * * * *\"],\"portal-api\":[\"* * * * *\"]}"),
  ],
);
