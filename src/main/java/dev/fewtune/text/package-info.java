/**
 * Tokenizers: texts in, token numbers out, and back. {@link dev.fewtune.text.Tokenizers} opens the one of a model's
 * folder. All work is done by the tokenizers library of Hugging Face, which knows one format,
 * {@link dev.fewtune.text.TokenizerJson tokenizer.json}; other files are converted to it:
 *
 * <ul>
 *   <li>sentencepiece models ({@code SentencePieceReader} → {@code SentencePieceModel}): Unigram as T5 reads it
 *       ({@code T5Json}), BPE as Llama reads it ({@code LlamaJson}, {@code Merges});
 *   <li>llama2.c's {@code tokenizer.bin} ({@code Llama2cReader}), a Llama model too;
 *   <li>BERT's {@code vocab.txt} ({@code WordPieceJson}).
 * </ul>
 *
 * <p>May import: spec (and DJL, Jackson, protobuf).
 */
package dev.fewtune.text;
