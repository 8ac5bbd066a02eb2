#include "bilateral/base/log.h"

#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "bilateral/base/date.h"

/* Standard error while it goes to a file; what was written is read back at the end. */
struct capture {
    FILE *file;
    int kept;
};

static struct capture capture_begin(void)
{
    struct capture capture = {.file = tmpfile(), .kept = dup(STDERR_FILENO)};
    assert_non_null(capture.file);
    assert_true(capture.kept >= 0);
    dup2(fileno(capture.file), STDERR_FILENO);
    return capture;
}

static void capture_end(struct capture *capture, struct buffer *ret)
{
    dup2(capture->kept, STDERR_FILENO);
    close(capture->kept);
    rewind(capture->file);
    char piece[4096];
    for (size_t size; (size = fread(piece, 1, sizeof piece, capture->file)) > 0;)
        buffer_append(ret, piece, size);
    fclose(capture->file);
}

/* Checks the time that begins the line, and answers what stands behind it. */
static const char *behind_time(const char *line, const char *before)
{
    char time[DATE_TIMESTAMP_SIZE] = "";
    assert_memory_equal(line, before, strlen(before));
    memcpy(time, line + strlen(before), sizeof time - 1);
    struct error error = {0};
    assert_true(date_parse_timestamp(time, &error));
    return line + strlen(before) + sizeof time - 1;
}

static void write_all_kinds(void)
{
    struct log_line line;
    assert_true(log_begin(&line, LOG_WARNING, "request"));
    log_text(&line, "path", "/v1/\"a\"\n");
    log_text(&line, "agent", NULL);
    log_text(&line, "bad",
             "a\xff"
             "b");
    log_number(&line, "status", 404);
    log_number(&line, "least", -9223372036854775807LL - 1);
    log_end(&line);
}

static void json_lines_are_objects(void **state)
{
    (void)state;
    struct buffer said = {0};
    log_configure(LOG_FORMAT_JSON, LOG_INFO);
    struct capture capture = capture_begin();
    write_all_kinds();
    capture_end(&capture, &said);
    assert_string_equal(behind_time(buffer_text(&said), "{\"time\":\""),
                        "\",\"level\":\"warning\",\"event\":\"request\","
                        "\"path\":\"/v1/\\\"a\\\"\\n\",\"agent\":null,\"bad\":\"a\xEF\xBF\xBD"
                        "b\",\"status\":404,\"least\":-9223372036854775808}\n");
    buffer_finish(&said);
}

static void text_lines_are_for_people_and_still_one_line(void **state)
{
    (void)state;
    struct buffer said = {0};
    log_configure(LOG_FORMAT_TEXT, LOG_INFO);
    struct capture capture = capture_begin();
    write_all_kinds();
    capture_end(&capture, &said);
    assert_string_equal(behind_time(buffer_text(&said), ""),
                        " warning request path=\"/v1/\\\"a\\\"\\n\" agent=null bad=\"a\xEF\xBF\xBD"
                        "b\" status=404 least=-9223372036854775808\n");
    buffer_finish(&said);
}

static void the_least_level_is_kept(void **state)
{
    (void)state;
    static const enum log_level levels[] = {LOG_DEBUG, LOG_INFO, LOG_WARNING, LOG_ERROR};
    static const char *const names[] = {"debug", "info", "warning", "error"};
    for (size_t least = 0; least < 4; least++)
        for (size_t level = 0; level < 4; level++) {
            struct buffer said = {0};
            log_configure(LOG_FORMAT_JSON, levels[least]);
            struct capture capture = capture_begin();
            log_message(levels[level], "store", "%s of %d", "one", 2);
            capture_end(&capture, &said);
            if (level < least) {
                assert_int_equal(said.size, 0);
                continue;
            }
            char expected[128];
            snprintf(expected, sizeof expected,
                     "\",\"level\":\"%s\",\"event\":\"store\",\"message\":\"one of 2\"}\n",
                     names[level]);
            assert_string_equal(behind_time(buffer_text(&said), "{\"time\":\""), expected);
            buffer_finish(&said);
        }
}

enum { THREADS = 8, LINES = 200 };

static void *talk(void *name)
{
    for (int i = 0; i < LINES; i++)
        log_message(LOG_ERROR, name, "%0500d", i);
    return NULL;
}

static void lines_of_threads_do_not_mix(void **state)
{
    (void)state;
    static char names[THREADS][2];
    pthread_t threads[THREADS];
    struct buffer said = {0};
    log_configure(LOG_FORMAT_TEXT, LOG_INFO);
    struct capture capture = capture_begin();
    for (int i = 0; i < THREADS; i++) {
        names[i][0] = (char)('a' + i);
        assert_int_equal(pthread_create(&threads[i], NULL, talk, names[i]), 0);
    }
    for (int i = 0; i < THREADS; i++)
        pthread_join(threads[i], NULL);
    capture_end(&capture, &said);

    int seen[THREADS] = {0};
    for (const char *line = buffer_text(&said); *line; line = strchr(line, '\n') + 1) {
        char name, expected[600];
        const char *rest = behind_time(line, "");
        assert_int_equal(sscanf(rest, " error   %c", &name), 1);
        snprintf(expected, sizeof expected, " error   %c message=\"%0500d\"\n", name,
                 seen[name - 'a']++);
        assert_memory_equal(rest, expected, strlen(expected));
    }
    for (int i = 0; i < THREADS; i++)
        assert_int_equal(seen[i], LINES);
    buffer_finish(&said);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(json_lines_are_objects),
        cmocka_unit_test(text_lines_are_for_people_and_still_one_line),
        cmocka_unit_test(the_least_level_is_kept),
        cmocka_unit_test(lines_of_threads_do_not_mix),
    };
    return cmocka_run_group_tests_name("base/log", tests, NULL, NULL);
}
