package ai.transonnx.djl.serving;

import ai.transonnx.InputException;
import ai.transonnx.format.internal.file.PlainFile;
import ai.transonnx.runtime.ModelException;
import ai.transonnx.runtime.ModelFiles;
import ai.transonnx.runtime.ModelMetadata;
import ai.transonnx.runtime.OnnxModel;
import ai.transonnx.runtime.RequestException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * The files and properties of a package, checked.
 *
 * @param files by their names in the directory
 * @param properties the entries of {@code serving.properties}
 */
record PackageContent(Map<String, Path> files, Map<String, String> properties) {
  private static final String SUFFIX = ".onnx";
  private static final String TOKENIZER = "tokenizer";
  private static final String SYNSET = "synset";
  private static final String SYNSET_FILE = "synset.txt";
  private static final String TOKENIZER_FILE = "tokenizer.json";

  /** The domains of ONNX Runtime's own operators. */
  private static final Set<String> DOMAINS = Set.of("", "ai.onnx", "ai.onnx.ml", "com.microsoft");

  private static final int NEW_FORMAT_OPSET = 23;
  private static final int OLD_FORMAT = 10;

  PackageContent {
    files = Map.copyOf(files);
    properties = Map.copyOf(properties);
  }

  /**
   * That of a model.
   *
   * @param maxOpset the newest opset that the server's runtime runs
   * @param given the arguments
   * @throws ai.transonnx.TransonnxException if it cannot be served
   */
  static PackageContent of(ModelOutline model, int maxOpset, Map<String, String> given) {
    checkRuntime(model, maxOpset);
    var arguments = ServingArguments.of(given);
    var task =
        arguments
            .task()
            .or(() -> ServedTask.usual(model.inputs(), model.outputs()))
            .orElseThrow(
                () ->
                    new ModelException(
                        model.file(),
                        "it has inputs %s and outputs %s, which no task has"
                            .formatted(model.inputs(), model.outputs())));
    var metadata = ModelMetadata.of(model.file(), model.metadata());
    checkTask(model, metadata, task, arguments);
    var files = new TreeMap<String, Path>();
    var properties = new HashMap<>(given);
    addModel(files, model);
    if (model.inputs().contains("image")) {
      addClasses(files, properties, model);
    } else {
      addTokenizer(files, properties, model, metadata, arguments);
    }
    properties.put("engine", "OnnxRuntime");
    properties.put("translator", PackagedTranslator.class.getName());
    properties.put("task", task.toString());
    var name = name(model.file());
    properties.put("option.modelName", name.substring(0, name.length() - SUFFIX.length()));
    return new PackageContent(files, properties);
  }

  /** Whether there is a tokenizer's file. */
  boolean hasTokenizer() {
    return files.keySet().stream().anyMatch(name -> name.endsWith(TOKENIZER_FILE));
  }

  private static void checkRuntime(ModelOutline model, int maxOpset) {
    int maxFormat = maxOpset < NEW_FORMAT_OPSET ? OLD_FORMAT : maxOpset - NEW_FORMAT_OPSET + 11;
    if (model.opset() > maxOpset || model.irVersion() > maxFormat) {
      throw new ModelException(
          model.file(),
          "it has opset %s and IR version %s, and the server's ONNX Runtime is expected to run opset %s and IR version %s; export it again with --opset %s, or give the server a newer ONNX Runtime and name its newest opset (--max-opset)"
              .formatted(model.opset(), model.irVersion(), maxOpset, maxFormat, maxOpset));
    }
    var others = new ArrayList<>(model.domains());
    others.removeAll(DOMAINS);
    if (!others.isEmpty()) {
      throw new ModelException(
          model.file(),
          "it has operators of %s, which ONNX Runtime does not have".formatted(others));
    }
  }

  private static void checkTask(
      ModelOutline model, ModelMetadata metadata, ServedTask task, ServingArguments arguments) {
    var lacking = task.lacks(model.inputs(), model.outputs());
    if (lacking.isPresent()) {
      throw new ModelException(
          model.file(), "it has no %s, which task '%s' needs".formatted(lacking.get(), task));
    }
    boolean generates = task == ServedTask.GENERATION;
    var others = new ArrayList<>(model.inputs());
    metadata.state().forEach(pair -> others.remove(pair.input()));
    others.removeAll(
        generates
            ? List.of(OnnxModel.TOKENS, OnnxModel.TARGET, OnnxModel.SOURCE, "src_mask")
            : List.of(OnnxModel.TOKENS, "mask", "image"));
    others.remove(OnnxModel.START);
    if (!others.isEmpty()) {
      throw new ModelException(
          model.file(), "a request cannot provide its inputs %s".formatted(others));
    }
    if (generates && !metadata.state().isEmpty() && !metadata.incremental()) {
      throw new ModelException(
          model.file(),
          "its state is passed between whole calls, as memories are; export it with --incremental");
    }
    if (generates && model.inputs().contains(OnnxModel.SOURCE) && arguments.start().isEmpty()) {
      throw new RequestException(
          "%s: argument 'start' is missing: the first token of the target of an encoder-decoder"
              .formatted(model.file()));
    }
  }

  private static void addModel(Map<String, Path> files, ModelOutline model) {
    var name = name(model.file());
    if (!name.endsWith(SUFFIX)) {
      throw new InputException(
          "%s: DJL loads files whose names end with %s; rename it".formatted(model.file(), SUFFIX));
    }
    files.put(name, model.file());
    for (var weights : ModelFiles.weights(model.file())) {
      files.put(weights.toString().replace('\\', '/'), model.file().resolveSibling(weights));
    }
  }

  private static String name(Path file) {
    return String.valueOf(file.getFileName());
  }

  private static void addTokenizer(
      Map<String, Path> files,
      Map<String, String> properties,
      ModelOutline model,
      ModelMetadata metadata,
      ServingArguments arguments) {
    var input =
        model.inputs().contains(OnnxModel.SOURCE)
            ? OnnxModel.SOURCE
            : model.inputs().contains(OnnxModel.TOKENS) ? OnnxModel.TOKENS : OnnxModel.TARGET;
    var named = arguments.tokenizer().map(Path::of);
    // Opening it finds missing and damaged files.
    ServedTokenizer.open(
            model.file(),
            metadata,
            metadata.vocabulary(input).count(),
            named.map(file -> arguments.withTokenizer(file.toAbsolutePath())).orElse(arguments))
        .close();
    if (named.isPresent()) {
      files.put(TOKENIZER_FILE, named.get());
      properties.put(TOKENIZER, TOKENIZER_FILE);
      return;
    }
    var exported = ModelFiles.tokenizer(model.file());
    var usual = model.file().resolveSibling(TOKENIZER_FILE);
    if (metadata.tokenizer().isPresent()) {
      files.put(name(exported), exported);
    } else if (exists(usual)) {
      files.put(TOKENIZER_FILE, usual);
    }
  }

  private static void addClasses(
      Map<String, Path> files, Map<String, String> properties, ModelOutline model) {
    var named = properties.remove(SYNSET);
    var file = named == null ? model.file().resolveSibling(SYNSET_FILE) : Path.of(named);
    if (named != null || exists(file)) {
      files.put(SYNSET_FILE, file);
    }
  }

  private static boolean exists(Path file) {
    try {
      PlainFile.check(file);
      return true;
    } catch (IOException e) {
      return false;
    }
  }
}
