// The page: its fields and buttons, and the messages of the worker that runs the model.

const element = (id) => document.getElementById(id);
const run = element('run');
const stop = element('stop');
const output = element('text');
const progress = element('progress');

/** The model's address without its ending: of ?model=FOLDER/NAME, or model beside this page. */
function modelAddress() {
  const name = new URLSearchParams(location.search).get('model') ?? 'model';
  return /^[\w-][\w.-]*(\/[\w-][\w.-]*)*$/.test(name) ? new URL(name, document.baseURI).href : null;
}

const model = modelAddress();
let worker;
let seed;

function report(text, isError = false) {
  element('status').textContent = text;
  element('status').className = isError ? 'error' : '';
}

function setRunning(isRunning) {
  run.disabled = isRunning;
  stop.disabled = !isRunning;
  output.ariaBusy = String(isRunning);
}

const megabytes = (bytes) => `${(bytes / 1e6).toFixed(1)} MB`;

function showProgress({size, total}) {
  progress.hidden = false;
  if (total >= size) {
    progress.max = total;
    progress.value = size;
  } else {
    progress.removeAttribute('value');
  }
  report(`Loading the model: ${megabytes(size)}${total >= size ? ` of ${megabytes(total)}` : ''}`);
}

function showModel({library, className, bytes, vocabulary, window, threads}) {
  progress.hidden = true;
  run.disabled = false;
  element('facts').textContent = [
    `${className} of ${library}`,
    megabytes(bytes),
    `${vocabulary} tokens`,
    window === Infinity ? 'texts of any length' : `a context of ${window} tokens`,
    threads > 1 ? `${threads} threads` : '',
  ]
    .filter(Boolean)
    .join(', ');
  report('Ready. The model runs in this browser; no text leaves it.');
}

function showEnd({tokens, stopped, prefillMillis, decodeMillis, isFull}) {
  setRunning(false);
  const rate = tokens > 1 ? `, ${((1000 * (tokens - 1)) / decodeMillis).toFixed(0)} tokens/s` : '';
  report(
    [
      `${stopped ? 'Stopped: ' : ''}${tokens} tokens, prompt in ${prefillMillis.toFixed(0)} ms${rate}.`,
      seed === undefined ? '' : `Seed ${seed}.`,
      isFull ? 'The context was full, so that it was computed again for each token.' : '',
    ]
      .filter(Boolean)
      .join(' '),
  );
}

function showError({message}) {
  progress.hidden = true;
  setRunning(false);
  report(message, true);
}

const answers = {
  progress: showProgress,
  loaded: showModel,
  text: ({text}) => output.append(text),
  done: showEnd,
  error: showError,
};

function load() {
  worker?.terminate();
  run.disabled = true;
  stop.disabled = true;
  if (model === null) {
    report('The address names no model: ?model= takes a name such as models/bible.', true);
    return;
  }
  report('Loading ONNX Runtime …');
  worker = new Worker(new URL('worker.mjs', import.meta.url), {type: 'module'});
  worker.onmessage = ({data}) => answers[data.type](data);
  worker.onerror = (event) => showError({message: event.message ?? 'worker.mjs cannot be loaded'});
  worker.postMessage({type: 'load', model, provider: element('provider').value});
}

function generate() {
  setRunning(true);
  report('Computing the prompt …');
  const prompt = document.createElement('span');
  prompt.className = 'prompt';
  prompt.textContent = element('prompt').value;
  output.replaceChildren(prompt);
  const temperature = element('temperature').valueAsNumber;
  seed = undefined;
  if (temperature > 0) {
    seed = element('seed').value === '' ? crypto.getRandomValues(new Uint32Array(1))[0] : element('seed').valueAsNumber;
  }
  worker.postMessage({
    type: 'generate',
    prompt: element('prompt').value,
    length: element('length').valueAsNumber,
    temperature,
    topK: element('top').value === '' ? undefined : element('top').valueAsNumber,
    seed,
  });
}

element('form').addEventListener('submit', (event) => {
  event.preventDefault();
  generate();
});
element('prompt').addEventListener('keydown', (event) => {
  if (event.key === 'Enter' && (event.ctrlKey || event.metaKey) && !run.disabled) {
    event.preventDefault();
    element('form').requestSubmit();
  }
});
stop.addEventListener('click', () => worker.postMessage({type: 'stop'}));
element('provider').addEventListener('change', load);
if (model !== null) {
  const name = decodeURIComponent(model.slice(model.lastIndexOf('/') + 1));
  element('name').textContent = name;
  document.title = name;
}
load();
