// Tokens as text: bytes, or the tokenizer that was exported with the model.

const REPLACEMENT = '\uFFFD';

/** Each token is a byte of UTF-8. */
class Bytes {
  constructor(vocabulary) {
    this.vocabulary = vocabulary;
  }

  encode(text) {
    for (const character of text) {
      if (new TextEncoder().encode(character).some((byte) => byte >= this.vocabulary)) {
        throw new Error(`the model cannot read '${character}': its tokens are the bytes 0 to ${this.vocabulary - 1}`);
      }
    }
    return [...new TextEncoder().encode(text)];
  }

  /** A function that returns the text that a token completes. */
  decoder() {
    const utf8 = new TextDecoder();
    return (token) => (token < 256 ? utf8.decode(Uint8Array.of(token), {stream: true}) : REPLACEMENT);
  }
}

/** A tokenizer.json, read by the package @huggingface/tokenizers. */
class HuggingFace {
  constructor(tokenizer) {
    this.tokenizer = tokenizer;
  }

  encode(text) {
    return this.tokenizer.encode(text, {add_special_tokens: false}).ids;
  }

  /** A character may have several tokens, so text that ends within one is not yet returned. */
  decoder() {
    const tokens = [];
    let shown = '';
    return (token) => {
      tokens.push(token);
      const text = this.tokenizer.decode(tokens, {skip_special_tokens: false});
      if (text.endsWith(REPLACEMENT)) {
        return '';
      }
      const added = text.slice(shown.length);
      shown = text;
      return added;
    };
  }
}

/**
 * The tokenizer of a model.
 *
 * @param readJson reads the tokenizer's file, if the model has one
 * @param library the address of the package's module
 */
export async function openTokenizer(contract, readJson, library) {
  if (contract.metadata('tokenizer_sha256') !== undefined) {
    const json = await readJson();
    const {Tokenizer} = await import(library).catch(() => {
      throw new Error("the model has a tokenizer, which needs 'npm install @huggingface/tokenizers'");
    });
    return new HuggingFace(new Tokenizer(json, {}));
  }
  if (!(contract.vocabulary <= 256)) {
    throw new Error(
      `the model's ${contract.vocabulary} tokens are not bytes; export it with '--tokenizer tokenizer.json'`,
    );
  }
  return new Bytes(contract.vocabulary);
}
