#ifndef TOCSIN_CRE2_H
#define TOCSIN_CRE2_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/// A compiled pattern. It does not change after it was compiled, so any thread may search with it.
typedef struct tocsin_re2 tocsin_re2;

/// Compiles a pattern of RE2's syntax, in UTF-8.
///
/// Returns NULL when the pattern is wrong or needs more memory than allowed; then `message` holds why, ended by a zero
/// byte and cut at `message_capacity`.
tocsin_re2 *tocsin_re2_compile(const char *pattern, size_t length, int64_t memory_limit_bytes, char *message,
                               size_t message_capacity);

/// Whether the pattern matches some part of the text. Time grows linearly with the text.
bool tocsin_re2_search(const tocsin_re2 *pattern, const char *text, size_t length);

void tocsin_re2_free(tocsin_re2 *pattern);

/// The first place of `part` in `bytes`, or -1. Time grows linearly with both.
int64_t tocsin_find(const uint8_t *bytes, size_t length, const uint8_t *part, size_t part_length);

/// Whether `part` stands in `text`. Time grows linearly with both.
bool tocsin_contains(const char *text, size_t length, const char *part, size_t part_length);

#ifdef __cplusplus
}
#endif

#endif
