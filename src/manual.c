#include "bilateral/manual.h"

#include <string.h>

#include "option.h"

static const struct {
    int code;
    const char *meaning;
} EXITS[] = {
    {EXIT_OK, "done"},
    {EXIT_FAILED, "failed"},
    {EXIT_USAGE, "usage"},
    {EXIT_REFUSED, "refused to start"},
    {EXIT_FAULTS, "a check found faults"},
};

enum { EXIT_COUNT = sizeof EXITS / sizeof EXITS[0] };

static const char PURPOSE[] = "serves the record of dealings between two sides as JSON";

/* ---- --help ---- */

static void print_option(const struct option *option, FILE *file)
{
    fprintf(file, "  %s", option->flag ? option->flag : option->environment);
    if (option->flag && option->value)
        fprintf(file, " %s", option->value);
    fprintf(file, "\n      %s", option->help);
    if (option->flag && option->environment)
        fprintf(file, " [%s]", option->environment);
    if (option->preset && *option->preset)
        fprintf(file, " [%s]", option->preset);
    fputc('\n', file);
}

void manual_help(const struct verb *verbs, FILE *file)
{
    fprintf(file,
            "usage: bilaterald [VERB] [OPTION]… [OPERAND]…\n\n"
            "bilaterald %s.\n\nVerbs:\n",
            PURPOSE);
    for (; verbs->name; verbs++)
        fprintf(file, "  %s %s\n      %s\n", verbs->name, verbs->operands ? verbs->operands : "",
                verbs->help);
    fprintf(file, "\nOptions (flag, environment variable, default):\n");
    for (const struct option *option = OPTIONS; option->help; option++)
        print_option(option, file);
    fprintf(file, "\nExit: ");
    for (int i = 0; i < EXIT_COUNT; i++)
        fprintf(file, "%s%d %s", i ? ", " : "", EXITS[i].code, EXITS[i].meaning);
    fprintf(file, ".\n");
}

/* ---- the man page ---- */

/* Text for roff: a hyphen that is typed, a backslash, and a dot or quote where a line begins. */
static void put_roff(const char *text)
{
    if (*text == '.' || *text == '\'')
        fputs("\\&", stdout);
    for (; *text; text++) {
        if (*text == '-')
            fputs("\\-", stdout);
        else if (*text == '\\')
            fputs("\\e", stdout);
        else
            putchar(*text);
    }
}

/* A tagged paragraph: a word in bold, what stands behind it in italics, and the text. */
static void put_paragraph(const char *word, const char *behind, const char *text)
{
    fputs(".TP\n\\fB", stdout);
    put_roff(word);
    fputs("\\fR", stdout);
    if (behind) {
        fputs(" \\fI", stdout);
        put_roff(behind);
        fputs("\\fR", stdout);
    }
    putchar('\n');
    put_roff(text);
    putchar('\n');
}

static void put_option(const struct option *option)
{
    put_paragraph(option->flag ? option->flag : option->environment,
                  option->flag ? option->value : NULL, option->help);
    if (option->preset && *option->preset) {
        fputs("(default: ", stdout);
        put_roff(option->preset);
        puts(")");
    }
    if (option->flag && option->environment) {
        puts(".br");
        fputs("Environment: \\fB", stdout);
        put_roff(option->environment);
        puts("\\fR");
    }
}

int manual_page(const struct config *config)
{
    printf(".TH BILATERALD 1 \"\" \"bilateral %s\"\n", BILATERAL_VERSION);
    puts(".SH NAME");
    printf("bilaterald \\- %s\n", PURPOSE);
    puts(
        ".SH SYNOPSIS\n\\fBbilaterald\\fR [\\fIVERB\\fR] [\\fIOPTION\\fR]... [\\fIOPERAND\\fR]...");
    puts(".SH VERBS\nWithout a verb, the first is meant.");
    for (const struct verb *verb = config->verbs; verb->name; verb++)
        put_paragraph(verb->name, verb->operands, verb->help);
    puts(
        ".SH OPTIONS\nA flag wins over the environment, the environment over the default. Lists "
        "in the environment are parted by colons.");
    for (const struct option *option = OPTIONS; option->help; option++)
        put_option(option);
    puts(".SH SIGNALS");
    put_paragraph("SIGHUP", NULL, "ingests the seeds again");
    put_paragraph("SIGTERM, SIGINT", NULL,
                  "ends once the requests under way are answered; a second one ends at once");
    puts(".SH EXIT STATUS");
    for (int i = 0; i < EXIT_COUNT; i++) {
        char code[] = {(char)('0' + EXITS[i].code), '\0'};
        put_paragraph(code, NULL, EXITS[i].meaning);
    }
    return EXIT_OK;
}

/* ---- completions ---- */

static void put_words(const struct config *config)
{
    for (const struct verb *verb = config->verbs; verb->name; verb++)
        printf("%s ", verb->name);
    for (const struct option *option = OPTIONS; option->help; option++) {
        if (option->flag)
            printf("%s ", option->flag);
    }
}

/* Flags whose value is a choice (json|text) complete to it; other values to files. */
static void put_bash(const struct config *config)
{
    puts(
        "_bilaterald() {\n    local word=${COMP_WORDS[COMP_CWORD]}\n    COMPREPLY=()\n"
        "    case ${COMP_WORDS[COMP_CWORD-1]} in");
    for (const struct option *option = OPTIONS; option->help; option++) {
        if (!option->flag || !option->value)
            continue;
        printf("    %s) ", option->flag);
        if (strchr(option->value, '|')) {
            fputs("mapfile -t COMPREPLY < <(compgen -W '", stdout);
            for (const char *at = option->value; *at; at++)
                putchar(*at == '|' ? ' ' : *at);
            fputs("' -- \"$word\"); ", stdout);
        }
        puts("return ;;");
    }
    fputs("    esac\n    mapfile -t COMPREPLY < <(compgen -W '", stdout);
    put_words(config);
    puts("' -- \"$word\")\n}\ncomplete -o default -F _bilaterald bilaterald");
}

/* Text in a specification of _arguments: colons and brackets part it, quotes end it. */
static void put_spec(const char *text)
{
    for (; *text; text++)
        printf(strchr("[]:'\\", *text) ? "\\%c" : "%c", *text);
}

static void put_zsh(const struct config *config)
{
    puts("#compdef bilaterald\n_arguments \\");
    for (const struct option *option = OPTIONS; option->help; option++) {
        if (!option->flag)
            continue;
        printf("    \"%s%s[", option->type == OPTION_LIST ? "*" : "", option->flag);
        put_spec(option->help);
        putchar(']');
        if (option->value) {
            putchar(':');
            put_spec(option->value);
            fputs(":_files", stdout);
        }
        puts("\" \\");
    }
    fputs("    '1:verb:(", stdout);
    for (const struct verb *verb = config->verbs; verb->name; verb++)
        printf("%s%s", verb->name, verb[1].name ? " " : "");
    puts(")' '*:operand:_files'");
}

static const struct {
    const char *name;
    void (*put)(const struct config *config);
} SHELLS[] = {{"bash", put_bash}, {"zsh", put_zsh}};

int manual_completions(const struct config *config)
{
    for (size_t i = 0; i < sizeof SHELLS / sizeof SHELLS[0]; i++) {
        if (strcmp(SHELLS[i].name, config->operands.items[0]) == 0) {
            SHELLS[i].put(config);
            return EXIT_OK;
        }
    }
    fprintf(stderr, "bilaterald: completions: \"%.60s\" is neither bash nor zsh\n",
            config->operands.items[0]);
    return EXIT_USAGE;
}
