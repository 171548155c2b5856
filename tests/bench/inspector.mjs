// What an isolate of workerd holds, by the inspector of a process that was started with `--inspector-addr`.

export class Inspector {
  #socket;
  #answers = new Map();
  #last = 0;
  /** Where the Worker runs. */
  #context;

  /** Of the one Worker in the process. */
  static async open(port) {
    const [target] = await (await fetch(`http://127.0.0.1:${port}/json`)).json();
    const inspector = new Inspector();
    const socket = new WebSocket(target.webSocketDebuggerUrl);
    inspector.#socket = socket;
    socket.onmessage = ({ data }) => {
      const { id, result, error, method, params } = JSON.parse(data);
      if (method === "Runtime.executionContextCreated") inspector.#context = params.context.id;
      const [done, failed] = inspector.#answers.get(id) ?? [];
      inspector.#answers.delete(id);
      if (error) failed?.(new Error(error.message));
      else done?.(result);
    };
    await new Promise((done, failed) => Object.assign(socket, { onopen: done, onerror: failed }));
    await inspector.#ask("Runtime.enable");
    return inspector;
  }

  /** After a collection: the JavaScript heap as V8 has it reserved, the Wasm memory as it has grown, and both together. */
  async memory() {
    await this.#ask("HeapProfiler.collectGarbage");
    const { usedSize, totalSize } = await this.#ask("Runtime.getHeapUsage");
    const wasm = await this.#wasmBytes();
    return { isolateMiB: mib(totalSize + wasm), wasmMiB: mib(wasm), heapMiB: mib(totalSize), usedHeapMiB: mib(usedSize) };
  }

  /** Of every Wasm memory that is alive. */
  async #wasmBytes() {
    const prototype = await this.#ask("Runtime.evaluate", { expression: "WebAssembly.Memory.prototype", contextId: this.#context });
    const { objects } = await this.#ask("Runtime.queryObjects", { prototypeObjectId: prototype.result.objectId });
    const sum = "function () { let bytes = 0; for (const it of this) bytes += it.buffer.byteLength; return bytes; }";
    const { result } = await this.#ask("Runtime.callFunctionOn", {
      objectId: objects.objectId, functionDeclaration: sum, returnByValue: true,
    });
    return result.value;
  }

  #ask(method, params = {}) {
    this.#last += 1;
    const id = this.#last;
    const answer = new Promise((done, failed) => this.#answers.set(id, [done, failed]));
    this.#socket.send(JSON.stringify({ id, method, params }));
    return answer;
  }
}

const mib = (bytes) => Math.round((bytes / 1024 / 1024) * 10) / 10;
