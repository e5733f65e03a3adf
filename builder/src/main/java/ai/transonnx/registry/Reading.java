package ai.transonnx.registry;

import ai.transonnx.architecture.Architecture;
import ai.transonnx.graph.Model;
import ai.transonnx.xtransformers.ReleaseSet;

/**
 * The meaning of a configuration at neighboring releases of its library. Immutable.
 *
 * @param releases the releases, for all of which the configuration has this meaning
 * @param architecture the class at one of them
 * @param model its model, except for differences in rounding
 */
public record Reading(ReleaseSet releases, Architecture architecture, Model model) {}
