// Runs models with onnxruntime-web. The page asks its server for one request after the other;
// asking for the next one carries the answer to the one before it.

import {PREFIX, entries, explain, headerLength, parts, tensor} from './safetensors.mjs';

const NO_REQUEST = 204;

/** The names of the protocol's optimization levels in this API. */
const LEVELS = {none: 'disabled', basic: 'basic', extended: 'extended', all: 'all'};

/** Products with quantized weights in float32, as the operators are defined. */
const EXACT_PRODUCTS = {session: {qdq_matmulnbits_accuracy_level: '1'}};

/** {@code wasm} or {@code webgpu}. */
const provider = new URL(location.href).searchParams.get('provider');

const sessions = new Map();
let ort;

async function bytes(address) {
  const response = await fetch(address);
  if (!response.ok) {
    throw new Error(`the page cannot read '${address}': status ${response.status}`);
  }
  try {
    return new Uint8Array(await response.arrayBuffer());
  } catch {
    const size = response.headers.get('Content-Length');
    throw new Error(`the browser cannot hold a file of ${size} bytes in memory`);
  }
}

async function browser() {
  const data = await navigator.userAgentData?.getHighEntropyValues(['fullVersionList']);
  const list = data?.fullVersionList ?? [];
  const own = list.find(({brand}) => /Chrome|Edge/.test(brand));
  const {brand, version} = own ?? list.find(({brand}) => brand === 'Chromium') ?? {};
  return brand ? `${brand} ${version}` : navigator.userAgent;
}

/** The properties of the adapter that WebGPU computes on; null if there is none. */
async function adapter() {
  const found = await navigator.gpu?.requestAdapter();
  if (!found) {
    return null;
  }
  const {vendor, architecture, device, description} = found.info;
  return {
    adapter: [vendor, architecture, device, description].filter(Boolean).join(' ') || 'unknown',
    float16: found.features.has('shader-f16'),
  };
}

async function start() {
  const properties = {browser: await browser()};
  if (provider === 'webgpu') {
    const found = await adapter();
    if (!found) {
      return {
        ready: false,
        error: `${properties.browser} has no adapter for WebGPU`,
        install: 'TRANSONNX_CHROME=/path/of/a/browser/that/has/one',
      };
    }
    Object.assign(properties, found);
  }
  ort = await import(`./ort/ort.${provider}.min.mjs`);
  ort.env.wasm.wasmPaths = new URL('./ort/', location.href).href;
  return {
    ready: true,
    fingerprint: {
      runtime: 'onnxruntime-web',
      version: ort.env.versions.web ?? ort.env.versions.common,
      provider: provider === 'webgpu' ? 'WebGPU' : 'WebAssembly',
      properties,
    },
  };
}

async function load({id, model, external, options}) {
  if (options.threads) {
    if (options.threads > 1 && !self.crossOriginIsolated) {
      throw new Error('the browser does not let a page have threads');
    }
    ort.env.wasm.numThreads = options.threads;
  }
  const externalData = [];
  for (const {path, url} of external) {
    externalData.push({path, data: await bytes(url)});
  }
  const session = await ort.InferenceSession.create(await bytes(model), {
    executionProviders: [provider],
    graphOptimizationLevel: LEVELS[options.level ?? 'all'],
    externalData,
    extra: EXACT_PRODUCTS,
  });
  sessions.set(id, session);
}

async function run({id, inputs, outputs, result}) {
  const file = await bytes(inputs);
  const start = PREFIX + headerLength(file);
  const feeds = Object.fromEntries(
    entries(file.subarray(PREFIX, start)).map((entry) => {
      const copy = file.slice(start + entry.begin, start + entry.end);
      return [entry.name, tensor(ort.Tensor, entry, copy)];
    }),
  );
  const values = await sessions.get(id).run(feeds, outputs);
  const response = await fetch(result, {method: 'POST', body: new Blob(parts(values))});
  if (!response.ok) {
    throw new Error(`the results cannot be returned: status ${response.status}`);
  }
}

async function unload({id}) {
  await sessions.get(id).release();
  sessions.delete(id);
}

const operations = {load, run, unload};

async function answer(request) {
  try {
    await operations[request.op](request);
    return {ok: true};
  } catch (error) {
    return {ok: false, error: explain(error)};
  }
}

async function next(line) {
  for (let body = JSON.stringify(line); ; body = '') {
    const response = await fetch('next', {method: 'POST', body});
    if (response.status !== NO_REQUEST) {
      return response.json();
    }
  }
}

async function converse() {
  let line;
  try {
    line = await start();
  } catch (error) {
    line = {ready: false, error: explain(error)};
  }
  for (;;) {
    line = await answer(await next(line));
  }
}

fetch('alive'); // It has no end: by it, the server notices that the page is gone.
converse().catch(() => window.close()); // The server is gone.
