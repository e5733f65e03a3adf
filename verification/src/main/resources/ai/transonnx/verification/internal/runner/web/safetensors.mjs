// Tensors of ONNX Runtime's JavaScript API as the bytes of a safetensors file.

/** The element types of the JavaScript API: its name, and the size of an element in bytes. */
const TYPES = new Map([
  ['BOOL', ['bool', 1]],
  ['U8', ['uint8', 1]],
  ['I8', ['int8', 1]],
  ['U16', ['uint16', 2]],
  ['I16', ['int16', 2]],
  ['U32', ['uint32', 4]],
  ['I32', ['int32', 4]],
  ['U64', ['uint64', 8]],
  ['I64', ['int64', 8]],
  ['F16', ['float16', 2]],
  ['F32', ['float32', 4]],
  ['F64', ['float64', 8]],
]);

const ARRAYS = {
  bool: Uint8Array,
  uint8: Uint8Array,
  int8: Int8Array,
  uint16: Uint16Array,
  int16: Int16Array,
  uint32: Uint32Array,
  int32: Int32Array,
  uint64: BigUint64Array,
  int64: BigInt64Array,
  float16: Uint16Array, // The API accepts the bits, also where there is a Float16Array.
  float32: Float32Array,
  float64: Float64Array,
};

const LONGEST_MESSAGE = 1000;

/** The number of bytes in front of the header: its length. */
export const PREFIX = 8;

/** The length of the header. */
export function headerLength(prefix) {
  return Number(new DataView(prefix.buffer, prefix.byteOffset, PREFIX).getBigUint64(0, true));
}

/** The entries of a header: name, dtype, shape, and where the bytes are after the header. */
export function entries(header) {
  const all = JSON.parse(new TextDecoder().decode(header));
  return Object.entries(all)
    .filter(([name]) => name !== '__metadata__')
    .map(([name, {dtype, shape, data_offsets: [begin, end]}]) => ({name, dtype, shape, begin, end}));
}

/** A tensor of an entry. The bytes are a copy that begins at the start of its buffer. */
export function tensor(Tensor, entry, bytes) {
  const known = TYPES.get(entry.dtype);
  if (!known) {
    const type = entry.dtype === 'BF16' ? 'bfloat16' : entry.dtype;
    throw new Error(`input '${entry.name}' is ${type}: ONNX Runtime's JavaScript API has no such tensors`);
  }
  const [type, size] = known;
  return new Tensor(type, new ARRAYS[type](bytes.buffer, 0, bytes.length / size), entry.shape);
}

/** The parts of a safetensors file with these tensors: prefix and header, then each one's bytes. */
export function parts(tensors) {
  const header = {};
  const contents = [];
  let offset = 0;
  for (const [name, {type, dims, data}] of Object.entries(tensors)) {
    const known = [...TYPES].find(([, [label]]) => label === type);
    if (!known) {
      throw new Error(`output '${name}' is a tensor of ${type}, which cannot be compared`);
    }
    const end = offset + data.byteLength;
    header[name] = {dtype: known[0], shape: [...dims], data_offsets: [offset, end]};
    contents.push(new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
    offset = end;
  }
  const json = new TextEncoder().encode(JSON.stringify(header));
  const padded = Math.ceil(json.length / PREFIX) * PREFIX;
  const start = new Uint8Array(PREFIX + padded).fill(' '.charCodeAt(0));
  new DataView(start.buffer).setBigUint64(0, BigInt(padded), true);
  start.set(json, PREFIX);
  return [start, ...contents];
}

/** An error in one line. */
export function explain(error) {
  const message = String(error?.message ?? error).replace(/\s+/g, ' ');
  return /unsupported data type: (16\b|bfloat16)/i.test(message)
    ? "an input or output of the model is bfloat16: ONNX Runtime's JavaScript API has no such tensors"
    : message.slice(0, LONGEST_MESSAGE);
}
