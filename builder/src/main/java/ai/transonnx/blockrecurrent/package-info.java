/**
 * block-recurrent-transformer-pytorch: a transformer that processes blocks of tokens and passes
 * memories and recurrent states between them.
 */
@NullMarked
package ai.transonnx.blockrecurrent;

import org.jspecify.annotations.NullMarked;
