package ai.transonnx.spark;

import ai.transonnx.format.internal.file.TemporaryFolder;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

/**
 * A standalone cluster of Spark: one master and workers of one core each, as processes on the
 * loopback interface, from the jars of the test's class path.
 */
final class LocalCluster implements AutoCloseable {
  /** The module options of this JVM, which every JVM of Spark needs. */
  private static final List<String> JAVA_OPTIONS =
      ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
          .filter(option -> option.startsWith("--add-"))
          .toList();

  /** The limit for any process. */
  private static final int MINUTES = 20;

  private static final Pattern MASTER = Pattern.compile("Starting Spark master at (spark://\\S+)");
  private static final Pattern REGISTERED = Pattern.compile("Successfully registered with master");
  private static final Pattern JAR_OF_PROJECT =
      Pattern.compile("(transonnx|junit|surefire|opentest4j|console|slf4j-nop).*\\.jar");

  private final TemporaryFolder folder = TemporaryFolder.create();
  private final Queue<Process> processes = new ConcurrentLinkedQueue<>();
  private final Thread hook = new Thread(this::kill);
  private final String master;

  /** Starts a cluster and waits until all workers have registered. */
  LocalCluster(int workers, String executorMemory) throws Exception {
    Runtime.getRuntime().addShutdownHook(hook);
    try {
      linkJars();
      master =
          start(
              MASTER, "org.apache.spark.deploy.master.Master", "--port", "0", "--webui-port", "0");
      for (int i = 0; i < workers; i++) {
        startWorker(i, executorMemory);
      }
    } catch (Exception e) {
      close();
      throw e;
    }
  }

  private void linkJars() throws IOException {
    var jars = Files.createDirectories(home().resolve("jars"));
    var names = new HashSet<String>();
    for (var entry : classPath()) {
      var jar = Path.of(entry).toAbsolutePath();
      var name = jar.getFileName().toString();
      boolean isOfSpark = name.endsWith(".jar") && !isOfProject(entry);
      if (isOfSpark && names.add(name.replaceFirst("-\\d.*", ""))) {
        Files.createSymbolicLink(jars.resolve(name), jar);
      }
    }
  }

  private void startWorker(int index, String executorMemory) throws Exception {
    start(
        REGISTERED,
        "org.apache.spark.deploy.worker.Worker",
        "--cores",
        "1",
        "--memory",
        executorMemory,
        "--webui-port",
        "0",
        "--work-dir",
        folder.path().resolve("work" + index).toString(),
        master);
  }

  static List<String> classPath() {
    return List.of(System.getProperty("java.class.path").split(File.pathSeparator));
  }

  /** The classes of this project, which are no jars of Spark. */
  static String projectClasses() {
    return String.join(
        File.pathSeparator,
        classPath().stream()
            .filter(LocalCluster::isForExecutors)
            .map(entry -> Path.of(entry).toAbsolutePath().toString())
            .toList());
  }

  /** The classes of this project before the jars of Spark. */
  String driverClassPath() {
    return projectClasses() + File.pathSeparator + home().resolve("jars") + "/*";
  }

  private static boolean isForExecutors(String entry) {
    var name = Path.of(entry).getFileName().toString();
    return !name.endsWith(".jar") || name.startsWith("transonnx");
  }

  private static boolean isOfProject(String jar) {
    return JAR_OF_PROJECT.matcher(Path.of(jar).getFileName().toString()).matches();
  }

  /** What a distribution of Spark has in {@code SPARK_HOME}. */
  Path home() {
    return folder.path().resolve("home");
  }

  /** Such as {@code spark://127.0.0.1:40123}. */
  String master() {
    return master;
  }

  /** The process of one executor, which a worker has started. */
  ProcessHandle executor() {
    return processes.stream()
        .flatMap(process -> process.toHandle().children())
        .findFirst()
        .orElseThrow();
  }

  /** The environment of Spark's processes. */
  void configure(ProcessBuilder builder) {
    var environment = builder.environment();
    environment.put("SPARK_HOME", home().toString());
    environment.put("SPARK_SCALA_VERSION", "2.13");
    environment.put("SPARK_LOCAL_IP", "127.0.0.1");
    environment.put("SPARK_LOCAL_HOSTNAME", "127.0.0.1");
    environment.put("ORT_DISABLE_TELEMETRY", "1");
    builder.redirectErrorStream(true);
  }

  /**
   * Starts a JVM with a class path, a main class and its arguments, and ends it after the limit of
   * time.
   */
  Process java(String classPath, String... arguments) throws IOException {
    var command = new ArrayList<String>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(JAVA_OPTIONS);
    command.addAll(
        List.of(
            "-Xmx512m",
            "-XX:TieredStopAtLevel=1",
            "-Dspark.master.rest.enabled=false",
            "-Dlog4j2.configurationFile="
                + LocalCluster.class.getResource("/cluster-log4j2.properties"),
            "-cp",
            classPath));
    command.addAll(List.of(arguments));
    var builder = new ProcessBuilder(command);
    configure(builder);
    var process = builder.start();
    processes.add(process);
    // Ends a reader of its output, who finds an exit status that is not 0.
    process.onExit().orTimeout(MINUTES, TimeUnit.MINUTES).exceptionally(late -> kill(process));
    return process;
  }

  /** Waits for a line of a daemon's output, and returns the group of the pattern if it has one. */
  private String start(Pattern line, String... arguments) throws Exception {
    var process = java(home().resolve("jars") + "/*", arguments);
    var found = new CompletableFuture<String>();
    var reader =
        new Thread(
            () -> {
              var text = new StringBuilder();
              try (BufferedReader output = process.inputReader(StandardCharsets.UTF_8)) {
                for (var next = output.readLine(); next != null; next = output.readLine()) {
                  text.append(next).append('\n');
                  var matcher = line.matcher(next);
                  if (matcher.find()) {
                    found.complete(matcher.groupCount() > 0 ? matcher.group(1) : next);
                  }
                }
                found.completeExceptionally(new IllegalStateException("ended: " + text));
              } catch (IOException e) {
                found.completeExceptionally(e);
              }
            });
    reader.setDaemon(true);
    reader.start();
    return found.get(MINUTES, TimeUnit.MINUTES);
  }

  private void kill() {
    processes.forEach(LocalCluster::kill);
  }

  private static Process kill(Process process) {
    process.descendants().forEach(ProcessHandle::destroyForcibly);
    return process.destroyForcibly();
  }

  @Override
  public void close() throws IOException {
    kill();
    for (var process : processes) {
      process.onExit().join();
    }
    Runtime.getRuntime().removeShutdownHook(hook);
    folder.close();
  }
}
