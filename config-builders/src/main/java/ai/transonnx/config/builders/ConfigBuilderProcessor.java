package ai.transonnx.config.builders;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Set;
import javax.annotation.processing.AbstractProcessor;
import javax.annotation.processing.RoundEnvironment;
import javax.lang.model.SourceVersion;
import javax.lang.model.element.TypeElement;
import javax.tools.Diagnostic.Kind;

/**
 * Generates {@code XBuilder} for each record {@code X} with {@code @Configuration}. The builder has
 * a method for each option of the record and its groups, with the option's description.
 *
 * <p>The builders only collect values; {@code ConfigBuilder} applies the defaults and checks that
 * JSON has.
 */
public final class ConfigBuilderProcessor extends AbstractProcessor {
  @Override
  public Set<String> getSupportedAnnotationTypes() {
    return Set.of("ai.transonnx.config.Configuration");
  }

  @Override
  public SourceVersion getSupportedSourceVersion() {
    return SourceVersion.latestSupported();
  }

  @Override
  public boolean process(Set<? extends TypeElement> annotations, RoundEnvironment round) {
    for (var annotation : annotations) {
      for (var configuration : round.getElementsAnnotatedWith(annotation)) {
        try {
          write((TypeElement) configuration);
        } catch (OptionException e) {
          processingEnv
              .getMessager()
              .printMessage(Kind.ERROR, String.valueOf(e.getMessage()), e.element());
        }
      }
    }
    return false;
  }

  private void write(TypeElement configuration) throws OptionException {
    var elements = processingEnv.getElementUtils();
    var options = OptionMethod.all(configuration, elements);
    var source =
        new BuilderSource(
            elements.getPackageOf(configuration).getQualifiedName().toString(),
            configuration.getSimpleName().toString(),
            options);
    try (var writer =
        processingEnv
            .getFiler()
            .createSourceFile(source.qualifiedName(), configuration)
            .openWriter()) {
      writer.write(source.toString());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
