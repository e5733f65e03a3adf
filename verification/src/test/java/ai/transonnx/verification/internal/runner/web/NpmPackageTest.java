package ai.transonnx.verification.internal.runner.web;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.transonnx.verification.internal.runner.RunnerName;
import ai.transonnx.verification.runner.MissingRunnerException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

final class NpmPackageTest {
  private static final RunnerName NODE = RunnerName.parse("node");

  @TempDir private Path modules;
  @TempDir private Path programs;

  private Path install(NpmPackage npm) throws IOException {
    var folder = Files.createDirectory(modules.resolve(npm.name()));
    Files.createFile(folder.resolve("package.json"));
    return folder;
  }

  @Test
  void aPackageIsFoundInTheNamedFolder() throws IOException {
    var folder = install(NpmPackage.NODE);
    var environment = Map.of("TRANSONNX_NODE_MODULES", modules.toString());
    assertEquals(folder, NpmPackage.NODE.find(NODE, environment));
  }

  @DisabledOnOs(OS.WINDOWS)
  @Test
  void aPackageIsFoundInTheFolderThatNpmPrints() throws IOException {
    var folder = install(NpmPackage.NODE);
    var npm = Files.writeString(programs.resolve("npm"), "#!/bin/sh\necho " + modules + "\n");
    assertTrue(npm.toFile().setExecutable(true));
    assertEquals(folder, NpmPackage.NODE.find(NODE, Map.of("PATH", programs.toString())));
  }

  @Test
  void aMissingPackageNamesItsInstallation() throws IOException {
    Files.createDirectory(modules.resolve("onnxruntime-node")); // without package.json
    var environment = Map.of("TRANSONNX_NODE_MODULES", modules.toString());
    var error =
        assertThrows(MissingRunnerException.class, () -> NpmPackage.NODE.find(NODE, environment));
    assertEquals(
        "node: there is no package onnxruntime-node in ./node_modules, in npm's global folder, or"
            + " in the folder that TRANSONNX_NODE_MODULES names",
        error.getMessage());
    assertEquals("npm install onnxruntime-node --onnxruntime-node-install=skip", error.install());
  }
}
