package ai.transonnx.internal.xtransformers;

import org.jspecify.annotations.Nullable;

/**
 * The masks and memories that the calls of a stack accept. Immutable.
 *
 * @param keys the input that masks the keys of self-attention, or null
 * @param ignoresKeys whether that input has no effect
 * @param hasPairs whether there is a mask of pairs of queries and keys
 * @param hasStart whether calls accept the number of padding positions before a sequence
 * @param attendsPrefix whether calls accept the number of positions that all positions attend to;
 *     other positions are then hidden from earlier ones
 * @param normsMemories whether Transformer-XL memories pass the norm of a layer's input
 */
public record StackMasks(
    @Nullable String keys,
    boolean ignoresKeys,
    boolean hasPairs,
    boolean hasStart,
    boolean attendsPrefix,
    boolean normsMemories) {}
