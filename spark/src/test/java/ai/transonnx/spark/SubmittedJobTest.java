package ai.transonnx.spark;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.jar.JarOutputStream;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Compiles the job of docs/spark.md and submits it with the jar that contains all libraries. */
@Tag("cluster")
class SubmittedJobTest {
  private static final Pattern JOB =
      Pattern.compile("^```java\n(import [^`]*?class BibleJob [^`]*)^```", Pattern.MULTILINE);

  @TempDir private Path folder;

  /** The jar that Maven has packaged before; without it, the test is skipped. */
  private static Path allJar() throws Exception {
    var target = Path.of("target");
    try (var files = Files.isDirectory(target) ? Files.list(target) : Stream.<Path>empty()) {
      var jar =
          files
              .filter(file -> file.toString().endsWith("-all.jar"))
              .map(Path::toAbsolutePath)
              .findFirst();
      assumeTrue(jar.isPresent(), "package the module first: mvn package -pl spark -am");
      return jar.get();
    }
  }

  private Path jobJar() throws Exception {
    var document = JOB.matcher(Files.readString(Path.of("../docs/spark.md")));
    assertTrue(document.find());
    var source = Files.writeString(folder.resolve("BibleJob.java"), document.group(1));
    var compiler = ToolProvider.getSystemJavaCompiler();
    var options = List.of("-proc:none", "-cp", System.getProperty("java.class.path"));
    var sources = compiler.getStandardFileManager(null, null, null).getJavaFileObjects(source);
    var arguments = new ArrayList<>(options);
    arguments.addAll(List.of("-d", folder.toString()));
    assertTrue(compiler.getTask(null, null, null, arguments, null, sources).call());
    var jar = folder.resolve("job.jar");
    try (var output = new JarOutputStream(Files.newOutputStream(jar))) {
      output.putNextEntry(new ZipEntry("BibleJob.class"));
      output.write(Files.readAllBytes(folder.resolve("BibleJob.class")));
      output.closeEntry();
    }
    return jar;
  }

  @Test
  void theDocumentedJobRunsWhereItIsSubmitted() throws Exception {
    allJar(); // skips the test before a cluster starts
    var language = TestModels.language();
    try (var cluster = new LocalCluster(1, "512m")) {
      submit(cluster, "local[2]", language.toString(), folder.resolve("local"));
      var added = "spark-file:" + language.getFileName();
      submit(cluster, cluster.master(), added, folder.resolve("cluster"));
    }
  }

  private void submit(LocalCluster cluster, String master, String model, Path result)
      throws Exception {
    var texts = Files.write(folder.resolve("texts.txt"), List.of("In the beginning", "", "God"));
    var process =
        cluster.java(
            cluster.home().resolve("jars") + "/*",
            "org.apache.spark.deploy.SparkSubmit",
            "--master",
            master,
            "--conf",
            "spark.ui.enabled=false",
            "--conf",
            "spark.driver.host=127.0.0.1",
            "--conf",
            "spark.executor.memory=512m",
            "--conf",
            "spark.executorEnv.ORT_DISABLE_TELEMETRY=1",
            "--jars",
            allJar().toString(),
            "--files",
            TestModels.language().toString(),
            "--class",
            "BibleJob",
            jobJar().toString(),
            model,
            texts.toString(),
            result.toString());
    var output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(0, process.waitFor(), output);
    var rows =
        SharedSpark.SESSION.read().parquet(result.toString()).orderBy("text").collectAsList();
    assertEquals(3, rows.size());
    assertEquals("the text has 0 tokens; 2 to 257 are possible", rows.get(0).getString(2));
    assertTrue(rows.get(2).getDouble(1) < 3, () -> rows.get(2).toString());
    assertTrue(rows.get(2).getString(3).length() > 10, () -> rows.get(2).toString());
  }
}
