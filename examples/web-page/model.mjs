// An incremental language model: what `transonnx inspect MODEL.onnx --json` reports of it, and the
// loop that passes its state from call to call.

/** The arrays of ONNX Runtime's tensors. A float16 is given by its bits. */
const ARRAYS = {
  bool: Uint8Array,
  int32: Int32Array,
  int64: BigInt64Array,
  float16: Uint16Array,
  float32: Float32Array,
  float64: Float64Array,
};

/** The input that this program feeds, and the output from which it selects the next token. */
const TOKENS = 'tokens';
const LOGITS = 'logits';

/** A model's signature and metadata. */
export class Contract {
  /** Reads the JSON of a model; an error says why a loop cannot use the model. */
  constructor(json) {
    if (json?.kind !== 'onnx' || typeof json.metadata !== 'object') {
      throw new Error("is not the JSON that 'transonnx inspect MODEL.onnx --json' prints");
    }
    this.json = json;
    this.metadata = (key) => json.metadata[`transonnx.${key}`];
    if (this.metadata('incremental') !== 'true') {
      throw new Error("describes a model without a KV cache; export it with '--incremental'");
    }
    this.pairs = json.state;
    this.#checkNames();
    for (const {input, type} of this.pairs) {
      if (!(type in ARRAYS)) {
        throw new Error(`describes state '${input}' of ${type}; ONNX Runtime's JavaScript API has no such tensors`);
      }
    }
  }

  #checkNames() {
    const fed = new Set([TOKENS, ...this.pairs.map((pair) => pair.input)]);
    const others = this.json.inputs.map((input) => input.name).filter((name) => !fed.has(name));
    if (others.length > 0) {
      throw new Error(`describes a model that also needs ${others.join(', ')}; this program feeds tokens only`);
    }
    for (const [kind, name] of [['inputs', TOKENS], ['outputs', LOGITS]]) {
      if (!this.json[kind].some((tensor) => tensor.name === name)) {
        throw new Error(`describes a model without '${name}' among its ${kind}`);
      }
    }
  }

  #number(key, absent) {
    const text = this.metadata(key);
    return text === undefined ? absent : Number(text);
  }

  /** The number of different tokens. */
  get vocabulary() {
    return this.#number(`num_tokens.${TOKENS}`, Infinity);
  }

  /** The largest number of positions that the state can include. */
  get window() {
    return this.#number('max_length', Infinity);
  }

  /** The number of positions that a call may have after `before` positions. */
  room(before) {
    const segment = this.#number('segment_length');
    if (segment) {
      return segment - (before % segment);
    }
    const slots = this.#number('ring_slots');
    return slots ? Math.max(slots - before, slots - this.#number('ring_window') + 1) : Infinity;
  }

  /** The names of the files with weights beside the model. */
  get externalFiles() {
    return [...new Set(this.json.parameters.map(({location}) => location).filter(Boolean))];
  }
}

/** Feeds one sequence of tokens to a model. */
export class TokenLoop {
  #tokens = [];
  #computed = 0;
  #state;

  /**
   * A loop that has been fed nothing.
   *
   * @param ort the module of ONNX Runtime
   * @param session the model
   */
  constructor(ort, session, contract) {
    this.ort = ort;
    this.session = session;
    this.contract = contract;
    const names = contract.pairs.flatMap(({input, output}) => [input, output]);
    for (const name of names) {
      if (![...session.inputNames, ...session.outputNames].includes(name)) {
        throw new Error(`the model has no '${name}', which its JSON describes: write the JSON anew`);
      }
    }
    this.#begin();
  }

  /** The number of tokens that were fed. */
  get position() {
    return this.#tokens.length;
  }

  /** State of zeros, in the first shapes; 'batch' is the number of sequences. */
  #begin() {
    this.#computed = 0;
    this.#state = Object.fromEntries(
      this.contract.pairs.map(({input, type, first}) => {
        const shape = first.map((size) => (size === 'batch' ? 1 : size));
        const data = new ARRAYS[type](shape.reduce((a, b) => a * b, 1));
        return [input, new this.ort.Tensor(type, data, shape)];
      }),
    );
  }

  /**
   * Computes the logits after some more tokens. When the context window is full, the whole window
   * is computed again, as the Python libraries do.
   */
  async feed(tokens) {
    this.#tokens.push(...tokens);
    let next = tokens;
    if (this.#computed + tokens.length > this.contract.window) {
      next = this.#tokens.slice(-this.contract.window);
      this.#begin();
    }
    let logits;
    for (let rest = next; rest.length > 0; ) {
      const part = rest.slice(0, this.contract.room(this.#computed));
      logits = await this.#call(part);
      rest = rest.slice(part.length);
    }
    return logits;
  }

  async #call(tokens) {
    const ids = BigInt64Array.from(tokens, BigInt);
    const outputs = await this.session.run({
      [TOKENS]: new this.ort.Tensor('int64', ids, [1, tokens.length]),
      ...this.#state,
    });
    this.#state = Object.fromEntries(
      this.contract.pairs.map(({input, output}) => [input, outputs[output]]),
    );
    this.#computed += tokens.length;
    const {data, dims} = outputs[LOGITS];
    return data.subarray(data.length - dims.at(-1)); // those of the last position
  }
}
