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

/// Compiles a pattern whose groups are wanted; otherwise as `tocsin_re2_compile`.
tocsin_re2 *tocsin_re2_compile_groups(const char *pattern, size_t length, int64_t memory_limit_bytes, char *message,
                                      size_t message_capacity);

/// How many groups the pattern has, without the whole match.
int tocsin_re2_group_count(const tocsin_re2 *pattern);

/// Calls `visit` with the name of each named group, ended by a zero byte, and its number.
void tocsin_re2_visit_groups(const tocsin_re2 *pattern, void *context,
                             void (*visit)(void *context, const char *name, int number));

/// Whether the pattern matches the whole text. Then `places` holds where the whole match and the groups begin and end:
/// two numbers for each of `count`, -1 for a group that took no part.
bool tocsin_re2_match_groups(const tocsin_re2 *pattern, const char *text, size_t length, ptrdiff_t *places, int count);

void tocsin_re2_free(tocsin_re2 *pattern);

/// The first place of `part` in `bytes`, or -1. Time grows linearly with both.
int64_t tocsin_find(const uint8_t *bytes, size_t length, const uint8_t *part, size_t part_length);

/// Whether `part` stands in `text`. Time grows linearly with both.
bool tocsin_contains(const char *text, size_t length, const char *part, size_t part_length);

#ifdef __cplusplus
}
#endif

#endif
