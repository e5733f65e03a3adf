package ai.transonnx.verification.internal.runner.web;

import ai.transonnx.format.internal.file.PlainFolder;
import ai.transonnx.verification.internal.runner.Programs;
import ai.transonnx.verification.internal.runner.RunnerName;
import ai.transonnx.verification.runner.MissingRunnerException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The programs of this machine that a page needs. Immutable, so threads may share it.
 *
 * @param browser the command of the browser; its options follow
 * @param library the files of onnxruntime-web by their names
 */
record WebSetup(List<String> browser, OrtVariant variant, Map<String, Path> library) {
  private static final Programs CHROMIUM =
      new Programs(
          "TRANSONNX_CHROME",
          List.of("chromium", "chromium-browser", "google-chrome", "google-chrome-stable"));

  private static final Pattern FILE = Pattern.compile("ort[\\w.-]*\\.(mjs|wasm)");

  WebSetup {
    browser = List.copyOf(browser);
    library = Map.copyOf(library);
  }

  /**
   * Finds the browser and the package.
   *
   * @throws MissingRunnerException if one of them is not installed
   */
  static WebSetup find(RunnerName name, OrtVariant variant) {
    var browser =
        CHROMIUM
            .find()
            .orElseThrow(
                () ->
                    new MissingRunnerException(
                        "%s: there is no Chromium: %s".formatted(name.shown(), CHROMIUM.places()),
                        "apt-get install chromium"));
    return new WebSetup(List.of(browser.toString()), variant, library(name, variant));
  }

  private static Map<String, Path> library(RunnerName name, OrtVariant variant) {
    var folder = NpmPackage.WEB.find(name, System.getenv()).resolve("dist");
    try {
      var files =
          PlainFolder.names(folder).stream()
              .filter(file -> FILE.matcher(file).matches())
              .collect(Collectors.toMap(Function.identity(), folder::resolve));
      if (files.containsKey(variant.script())) {
        return files;
      }
    } catch (IOException e) {
      // The package is incomplete, as reported below.
    }
    throw new MissingRunnerException(
        "%s: there is no %s in %s; version 1.20 and later have it"
            .formatted(name.shown(), variant.script(), folder),
        NpmPackage.WEB.install());
  }
}
