package ai.transonnx.graph;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.transonnx.InputException;
import ai.transonnx.format.ElementType;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class CacheTypeTest {
  private static final EmitOptions SMALL = EmitOptions.STANDARD.withCacheType(CacheType.FLOAT16);

  @ParameterizedTest
  @EnumSource
  void typesAreFoundByTheirNames(CacheType type) {
    assertEquals(type, CacheType.of(type.toString()));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "float32", "FLOAT16", "int4"})
  void otherNamesAreRefusedWithThoseThatExist(String name) {
    var thrown = assertThrows(InputException.class, () -> CacheType.of(name));
    assertTrue(thrown.getMessage().contains("'" + name + "'; expected float16"));
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "FLOAT32")
  void aModelOfAnotherPrecisionHasACacheOfItsOwnType(Precision precision) {
    var thrown = assertThrows(InputException.class, () -> SMALL.withPrecision(precision));
    assertTrue(thrown.getMessage().contains("has a cache of " + precision));
  }

  @Test
  void otherOptionsKeepTheType() {
    var quantization = Quantization.of(QuantizedType.INT4);
    var options = SMALL.withOpset(22).withTarget(Target.ONNXRUNTIME).withQuantization(quantization);
    assertEquals(Optional.of(CacheType.FLOAT16), options.cacheType());
    assertEquals(Optional.of(CacheType.FLOAT16), options.withoutQuantization().cacheType());
    assertEquals(Optional.empty(), options.withoutCacheType().cacheType());
  }

  @Test
  void aModelWithoutStateHasNoCache() {
    var model = new ModelBuilder("test", SMALL);
    model.output("y", model.graph().input("x", new TensorType(ElementType.FLOAT32, Shape.of(1))));
    var thrown = assertThrows(InputException.class, model::build);
    assertTrue(thrown.getMessage().contains("has no effect"), thrown.getMessage());
    assertTrue(thrown.getMessage().contains("it is not incremental"), thrown.getMessage());
  }

  @Test
  void aModelWithOtherStateHasNoCache() {
    var model = new ModelBuilder("test", SMALL);
    model.present("sum", model.past("sum", new TensorType(ElementType.FLOAT32, Shape.of(1))));
    var thrown = assertThrows(InputException.class, model::build);
    assertTrue(thrown.getMessage().contains("keeps no keys and values from call to call"));
  }
}
