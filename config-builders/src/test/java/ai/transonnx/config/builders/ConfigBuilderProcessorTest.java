package ai.transonnx.config.builders;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.Writer;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import javax.tools.Diagnostic;
import javax.tools.DiagnosticCollector;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConfigBuilderProcessorTest {
  private static final String ANNOTATIONS =
      """
      package ai.transonnx.config;
      @interface Configuration {}
      @interface Option { String value(); String key() default ""; String defaultValue() default "";
        boolean trainingOnly() default false; }
      @interface OptionGroup { String prefix() default ""; }
      class ConfigBuilder<T> {
        ConfigBuilder(Class<T> type) {}
        void set(String key, Object value) {}
      }
      """;

  @TempDir private Path folder;

  private final DiagnosticCollector<JavaFileObject> problems = new DiagnosticCollector<>();

  private boolean compiles(String configuration) {
    var task =
        ToolProvider.getSystemJavaCompiler()
            .getTask(
                Writer.nullWriter(),
                null,
                problems,
                List.of("-d", folder.toString()),
                null,
                List.of(source("ConfigBuilder", ANNOTATIONS), source("Sizes", configuration)));
    task.setProcessors(List.of(new ConfigBuilderProcessor()));
    return task.call();
  }

  private static JavaFileObject source(String name, String text) {
    var uri = URI.create("string:///ai/transonnx/config/" + name + ".java");
    return new SimpleJavaFileObject(uri, JavaFileObject.Kind.SOURCE) {
      @Override
      public CharSequence getCharContent(boolean ignoreEncodingErrors) {
        return text;
      }
    };
  }

  @Test
  void eachOptionGetsAMethod() throws IOException {
    assertTrue(
        compiles(
            """
            package ai.transonnx.config;
            @Configuration
            record Sizes(@Option("features") int dim, @OptionGroup(prefix = "attn_") Heads heads) {}
            record Heads(@Option("how many") int headCount) {}
            """),
        () -> problems.getDiagnostics().toString());
    var builder = Files.readString(folder.resolve("ai/transonnx/config/SizesBuilder.java"));
    assertTrue(builder.contains("public SizesBuilder dim(int value)"), builder);
    assertTrue(builder.contains("public SizesBuilder attnHeadCount(int value)"), builder);
  }

  @Test
  void aComponentWithoutAnOptionIsACompileErrorAtItsRecord() {
    assertFalse(
        compiles(
            """
            package ai.transonnx.config;
            @Configuration
            record Sizes(
                @Option("features") int dim,
                int depth) {}
            """));
    var problem =
        problems.getDiagnostics().stream()
            .filter(diagnostic -> diagnostic.getKind() == Diagnostic.Kind.ERROR)
            .findFirst()
            .orElseThrow();
    assertEquals(3, problem.getLineNumber());
    assertEquals(
        "component 'depth' needs @Option or @OptionGroup", problem.getMessage(Locale.ROOT));
  }
}
