#include "CRE2.h"

#include <cstdio>
#include <cstring>
#include <exception>
#include <re2/re2.h>

struct tocsin_re2 {
  re2::RE2 expression;
  tocsin_re2(const re2::StringPiece &pattern, const re2::RE2::Options &options) : expression(pattern, options) {}
};

tocsin_re2 *tocsin_re2_compile(const char *pattern, size_t length, int64_t memory_limit_bytes, char *message,
                               size_t message_capacity) {
  try {
    re2::RE2::Options options;
    options.set_log_errors(false);
    options.set_never_capture(true);
    options.set_max_mem(memory_limit_bytes);
    tocsin_re2 *compiled = new tocsin_re2(re2::StringPiece(pattern, length), options);
    if (compiled->expression.ok()) return compiled;
    std::snprintf(message, message_capacity, "%s", compiled->expression.error().c_str());
    delete compiled;
  } catch (const std::exception &problem) {
    std::snprintf(message, message_capacity, "%s", problem.what());
  }
  return nullptr;
}

bool tocsin_re2_search(const tocsin_re2 *pattern, const char *text, size_t length) {
  re2::StringPiece piece(text, length);
  return pattern->expression.Match(piece, 0, length, re2::RE2::UNANCHORED, nullptr, 0);
}

void tocsin_re2_free(tocsin_re2 *pattern) { delete pattern; }

int64_t tocsin_find(const uint8_t *bytes, size_t length, const uint8_t *part, size_t part_length) {
  if (part_length == 0) return 0;
  if (length < part_length) return -1;
  const void *found = memmem(bytes, length, part, part_length);
  return found ? static_cast<const uint8_t *>(found) - bytes : -1;
}

bool tocsin_contains(const char *text, size_t length, const char *part, size_t part_length) {
  return part_length == 0 || (length >= part_length && memmem(text, length, part, part_length) != nullptr);
}
