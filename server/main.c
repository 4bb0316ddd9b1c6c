/* The command table, and how a command line is read. Only this file exits. */
#include "base/clock.h"
#include "command/command.h"
#include "db/migrate.h"
#include "db/transaction.h"
#include "service/service.h"

#include <getopt.h>
#include <stdio.h>
#include <string.h>

extern char **environ;

/* An option of some command: a setting's value, a file of settings, or a flag. */
struct option_row {
    const char *name;
    const char *value;   /* what its value is called; NULL when it takes none */
    const char *setting; /* NULL when it is no setting */
    enum flag flag;
    const char *help;
};

static const struct option_row option_rows[] = {
    {"config", "FILE", NULL, 0, "read settings from an ini file"},
    {"database", "FILE", "store.database", 0, "the SQLite file (store.database)"},
    {"listen", "ADDR:PORT", "http.listen", 0,
     "where to serve (http.listen); port 0 takes a free one"},
    {"static", "DIR", "site.theme", 0,
     "a folder with templates/ and assets/ of your own (site.theme)"},
    {"develop", NULL, "site.develop", 0,
     "read that folder again when it changes, and show its faults (site.develop)"},
    {"demo", NULL, NULL, FLAG_DEMO, "the demo edition, with its newest article of this hour"},
    {"strict", NULL, NULL, FLAG_STRICT,
     "stop at the first bad line and leave nothing of the file behind"},
    {"dry-run", NULL, NULL, FLAG_DRY_RUN, "try everything and store nothing"},
    {"example", NULL, NULL, FLAG_EXAMPLE, "an ini file with every setting and its default"},
    {"help", NULL, NULL, FLAG_HELP, "this text"},
};

enum {
    OPTIONS = sizeof option_rows / sizeof option_rows[0]
};

static const struct command {
    const char *name;
    const char *options; /* beside config, database and help */
    const char *argument;
    bool needs_argument;
    const char *help;
    int (*run)(const struct invocation *);
} commands[] = {
    {"serve", "listen static develop", NULL, false, "serve the paper", command_serve},
    {"import", "demo strict dry-run", "FILE", false,
     "read lines of JSON into the paper; - is standard input", command_import},
    {"export", "", "FILE", false,
     "write the paper as lines of JSON, to standard output without FILE", command_export},
    {"migrate", "", NULL, false, "bring the database to this version", command_migrate},
    {"health", "listen", NULL, false, "ask the server that runs with these settings how it is",
     command_health},
    {"views", "", "SLUG", true, "an article's counted views by the hour", command_views},
    {"config", "example listen static develop", NULL, false,
     "print the settings in force and where each came from", command_config},
    {"version", "", NULL, false, "print the version", command_version},
};

enum {
    COMMANDS = sizeof commands / sizeof commands[0]
};

int command_serve(const struct invocation *invocation)
{
    struct fault fault;
    return service_run(invocation->config, &fault) == STATUS_OK ? EXIT_DONE : complain(&fault);
}

int command_migrate(const struct invocation *invocation)
{
    int from;
    struct fault fault;
    struct transaction *transaction;
    if (transaction_open(invocation->config, &transaction, &from, &fault) != STATUS_OK)
        return complain(&fault);
    transaction_close(transaction);
    if (from == migrate_newest())
        printf("%s is at version %d already\n", invocation->config->store.database, from);
    else
        printf("%s was brought from version %d to %d\n", invocation->config->store.database, from,
               migrate_newest());
    return EXIT_DONE;
}

int command_config(const struct invocation *invocation)
{
    struct buf text;
    buf_init(&text, 65536);
    if (invocation->flags & FLAG_EXAMPLE)
        config_print_example(&text);
    else
        config_print(invocation->config, &text);
    fputs(buf_string(&text), stdout);
    buf_release(&text);
    return EXIT_DONE;
}

int command_version(const struct invocation *invocation)
{
    (void)invocation;
    printf("khobor %s\n", KHOBOR_VERSION);
    return EXIT_DONE;
}

static void print_usage(FILE *to)
{
    fputs("usage: khobor COMMAND [OPTION…]\n\n", to);
    for (size_t i = 0; i < COMMANDS; i++)
        fprintf(to, "  %-8s  %s\n", commands[i].name, commands[i].help);
    fputs("\n`khobor COMMAND --help` tells a command's options.\n", to);
}

/* Whether a word stands in a list of words with spaces between. */
static bool lists_word(const char *list, const char *word)
{
    size_t len = strlen(word);
    for (const char *at = list; len > 0 && (at = strstr(at, word)); at += len) {
        if ((at == list || at[-1] == ' ') && (at[len] == ' ' || at[len] == '\0'))
            return true;
    }
    return false;
}

static bool takes(const struct command *command, const struct option_row *option)
{
    return lists_word("config database help", option->name) ||
           lists_word(command->options, option->name);
}

static int print_help(const struct command *command)
{
    printf("usage: khobor %s [OPTION…]", command->name);
    if (command->argument)
        printf(command->needs_argument ? " %s" : " [%s]", command->argument);
    printf("\n\n%s\n\n", command->help);
    for (size_t i = 0; i < OPTIONS; i++) {
        char name[40];
        if (!takes(command, &option_rows[i]))
            continue;
        snprintf(name, sizeof name, "--%s %s", option_rows[i].name,
                 option_rows[i].value ? option_rows[i].value : "");
        printf("  %-20s  %s\n", name, option_rows[i].help);
    }
    fputs("\nEvery setting can be given as KHOBOR_SECTION_KEY in the environment too;\n"
          "`khobor config --example` lists them.\n",
          stdout);
    return EXIT_DONE;
}

static int wrong_usage(const struct command *command, const char *what, const char *which)
{
    fprintf(stderr, "khobor: %s: %s%s; see `khobor %s --help`\n", command->name, what, which,
            command->name);
    return EXIT_USAGE;
}

/* The values that were given on a command line, by row of option_rows; "on" for an option that
 * takes none. */
struct given {
    const char *values[OPTIONS];
    unsigned flags;
    const char *argument;
};

/* Reads a command's options and argument; EXIT_DONE when they are right. */
static int read_options(const struct command *command, int argc, char **argv, struct given *given)
{
    struct option options[OPTIONS + 1] = {{0}};
    int count = 0, chosen, row;
    for (int i = 0; i < OPTIONS; i++) {
        if (takes(command, &option_rows[i]))
            options[count++] = (struct option){
                option_rows[i].name, option_rows[i].value ? required_argument : no_argument, NULL,
                i + 1};
    }
    opterr = 0;
    while ((chosen = getopt_long(argc, argv, ":", options, NULL)) != -1) {
        if (chosen == ':')
            return wrong_usage(command, "a value is missing behind ", argv[optind - 1]);
        if (chosen == '?')
            return wrong_usage(command, "there is no option ", argv[optind - 1]);
        row = chosen - 1;
        given->flags |= option_rows[row].flag;
        given->values[row] = optarg ? optarg : "on";
    }
    if (optind < argc && command->argument)
        given->argument = argv[optind++];
    if (optind < argc)
        return wrong_usage(command, "too much: ", argv[optind]);
    if (command->needs_argument && !given->argument && !(given->flags & FLAG_HELP))
        return wrong_usage(command, "missing: ", command->argument);
    return EXIT_DONE;
}

/* A file of settings, then the environment, then flags: what comes later wins. */
static int read_settings(struct config *config, const struct given *given)
{
    struct fault fault;
    config_init(config);
    if (given->values[0] && config_read_file(config, given->values[0], &fault) != STATUS_OK)
        return complain(&fault);
    if (config_read_environment(config, environ, &fault) != STATUS_OK)
        return complain(&fault);
    for (int i = 1; i < OPTIONS; i++) {
        const char *setting = option_rows[i].setting;
        if (setting && given->values[i] &&
            config_set_flag(config, setting, given->values[i], &fault) != STATUS_OK) {
            complain(&fault);
            return EXIT_USAGE;
        }
    }
    if (zone_use(config->site.timezone) == STATUS_OK)
        return EXIT_DONE;
    fault_set(&fault, STATUS_INVALID, "site.timezone",
              "must be an IANA time zone like Asia/Dhaka, got \"%s\"", config->site.timezone);
    return complain(&fault);
}

static const struct command *command_named(const char *name)
{
    for (size_t i = 0; i < COMMANDS; i++) {
        if (strcmp(commands[i].name, name) == 0)
            return &commands[i];
    }
    return NULL;
}

static int run(const struct command *command, int argc, char **argv)
{
    struct config config;
    struct given given = {.flags = 0};
    int exit_status = read_options(command, argc, argv, &given);
    if (exit_status != EXIT_DONE)
        return exit_status;
    if (given.flags & FLAG_HELP)
        return print_help(command);
    exit_status = read_settings(&config, &given);
    if (exit_status != EXIT_DONE)
        return exit_status;
    struct invocation invocation = {
        .config = &config, .flags = given.flags, .argument = given.argument};
    return command->run(&invocation);
}

int main(int argc, char **argv)
{
    const char *name = argc > 1 ? argv[1] : "";
    if (lists_word("--help -h help", name)) {
        print_usage(stdout);
        return EXIT_DONE;
    }
    const struct command *command =
        command_named(strcmp(name, "--version") == 0 ? "version" : name);
    if (!command) {
        fprintf(stderr, "khobor: %s%s; see `khobor --help`\n",
                *name ? "there is no command " : "a command is missing", name);
        return EXIT_USAGE;
    }
    return run(command, argc - 1, argv + 1);
}
