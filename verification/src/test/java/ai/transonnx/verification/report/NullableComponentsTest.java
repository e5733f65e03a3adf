package ai.transonnx.verification.report;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** The annotation of nullable components is not on the path of modules when programs run. */
class NullableComponentsTest {
  @Test
  void theReaderAcceptsNullWhereTheRecordsDo() {
    var nullable = new TreeSet<String>();
    collect(VerificationReport.class, nullable);
    assertEquals(nullable, new TreeSet<>(ReportJson.NULLABLE));
  }

  private static void collect(Type type, Set<String> nullable) {
    if (type instanceof ParameterizedType generic) {
      for (var argument : generic.getActualTypeArguments()) {
        collect(argument, nullable);
      }
    } else if (type instanceof Class<?> plain && plain.isRecord()) {
      for (var component : plain.getRecordComponents()) {
        if (component.getAnnotatedType().isAnnotationPresent(Nullable.class)) {
          nullable.add(plain.getSimpleName() + "." + component.getName());
        }
        collect(component.getGenericType(), nullable);
      }
    }
  }
}
