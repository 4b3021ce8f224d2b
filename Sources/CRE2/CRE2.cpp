#include "CRE2.h"

#include <cstdio>
#include <cstring>
#include <exception>
#include <re2/re2.h>
#include <vector>

struct tocsin_re2 {
  re2::RE2 expression;
  tocsin_re2(const re2::StringPiece &pattern, const re2::RE2::Options &options) : expression(pattern, options) {}
};

static tocsin_re2 *compile(const char *pattern, size_t length, int64_t memory_limit_bytes, bool with_groups,
                           char *message, size_t message_capacity) {
  try {
    re2::RE2::Options options;
    options.set_log_errors(false);
    options.set_never_capture(!with_groups);
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

tocsin_re2 *tocsin_re2_compile(const char *pattern, size_t length, int64_t memory_limit_bytes, char *message,
                               size_t message_capacity) {
  return compile(pattern, length, memory_limit_bytes, false, message, message_capacity);
}

tocsin_re2 *tocsin_re2_compile_groups(const char *pattern, size_t length, int64_t memory_limit_bytes, char *message,
                                      size_t message_capacity) {
  return compile(pattern, length, memory_limit_bytes, true, message, message_capacity);
}

int tocsin_re2_group_count(const tocsin_re2 *pattern) { return pattern->expression.NumberOfCapturingGroups(); }

void tocsin_re2_visit_groups(const tocsin_re2 *pattern, void *context,
                             void (*visit)(void *context, const char *name, int number)) {
  for (const auto &group : pattern->expression.CapturingGroupNames()) visit(context, group.second.c_str(), group.first);
}

bool tocsin_re2_match_groups(const tocsin_re2 *pattern, const char *text, size_t length, ptrdiff_t *places, int count) {
  re2::StringPiece piece(text, length);
  std::vector<re2::StringPiece> groups(count);
  if (!pattern->expression.Match(piece, 0, length, re2::RE2::ANCHOR_BOTH, groups.data(), count)) return false;
  for (int index = 0; index < count; index++) {
    const bool is_there = groups[index].data() != nullptr;
    places[2 * index] = is_there ? groups[index].data() - text : -1;
    places[2 * index + 1] = is_there ? places[2 * index] + static_cast<ptrdiff_t>(groups[index].size()) : -1;
  }
  return true;
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
