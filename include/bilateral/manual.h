/*
 * manual - what the program tells of itself, from the tables of verbs and options.
 *
 *     bilaterald --help                   usage, verbs and options for the terminal
 *     bilaterald manual | man -l -        the man page
 *     . <(bilaterald completions bash)    completion of verbs, flags and their values
 */
#ifndef BILATERAL_MANUAL_H
#define BILATERAL_MANUAL_H

#include <stdio.h>

#include "bilateral/config.h"

/* The text of --help. `verbs` ends with a NULL name. */
void manual_help(const struct verb *verbs, FILE *file);

/* Verbs: the man page (man(7) macros), and the completions of a shell; each with an exit code. */
int manual_page(const struct config *config);
int manual_completions(const struct config *config);

#endif
