/* libyaml's own event parse of files: nothing is kept of the events. Prints the least and the median time of one
   parse of all files. */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <yaml.h>

enum { batches = 15 };

struct file { unsigned char *bytes; size_t count; };

static double now(void) {
  struct timespec time;
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
  return time.tv_sec + time.tv_nsec / 1e9;
}

static struct file read_file(const char *path) {
  struct file file = {0};
  FILE *stream = fopen(path, "rb");
  if (!stream) { perror(path); exit(2); }
  fseek(stream, 0, SEEK_END);
  file.count = ftell(stream);
  rewind(stream);
  file.bytes = malloc(file.count + 1);
  if (!file.bytes || fread(file.bytes, 1, file.count, stream) != file.count) { perror(path); exit(2); }
  fclose(stream);
  return file;
}

static size_t parse(const struct file *file) {
  yaml_parser_t parser;
  yaml_event_t event;
  size_t events = 0;
  int is_over = 0;
  yaml_parser_initialize(&parser);
  yaml_parser_set_encoding(&parser, YAML_UTF8_ENCODING);
  yaml_parser_set_input_string(&parser, file->bytes, file->count);
  while (!is_over) {
    if (!yaml_parser_parse(&parser, &event)) { fprintf(stderr, "not YAML: %s\n", parser.problem); exit(2); }
    is_over = event.type == YAML_STREAM_END_EVENT;
    events++;
    yaml_event_delete(&event);
  }
  yaml_parser_delete(&parser);
  return events;
}

static double parse_all(const struct file *files, int count, int repeats) {
  double start = now();
  for (int turn = 0; turn < repeats; turn++)
    for (int index = 0; index < count; index++) parse(&files[index]);
  return now() - start;
}

static int compare(const void *left, const void *right) {
  double difference = *(const double *)left - *(const double *)right;
  return difference < 0 ? -1 : difference > 0;
}

int main(int count, char **paths) {
  struct file *files = calloc(count, sizeof *files);
  double samples[batches];
  int repeats = 1;
  for (int index = 1; index < count; index++) files[index - 1] = read_file(paths[index]);
  while (parse_all(files, count - 1, repeats) < 0.02) repeats *= 2;
  for (int batch = 0; batch < batches; batch++)
    samples[batch] = parse_all(files, count - 1, repeats) * 1e9 / repeats;
  qsort(samples, batches, sizeof *samples, compare);
  printf("libyaml events\t%.0f ns\t(median %.0f)\n", samples[0], samples[batches / 2]);
  return 0;
}
