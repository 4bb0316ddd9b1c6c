/* The program's entry: finds the command in a table, reads its options and the settings, runs it,
 * and exits with its status. Only this file exits. */
#include "base/clock.h"
#include "base/json.h"
#include "base/log.h"
#include "base/settings.h"
#include "command/command.h"

#include <assert.h>
#include <getopt.h>
#include <stdio.h>
#include <string.h>

extern char **environ;

/* An option of one or more commands. It sets a setting, a flag, or (--config) the file to read. */
struct option_row {
    const char *name;
    const char *value;   /* the name of its value in the help; NULL when it takes none */
    const char *setting; /* NULL: none */
    enum flag flag;      /* 0: none */
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
    {"strict", NULL, NULL, FLAG_STRICT, "stop at the first bad line and store nothing of the file"},
    {"dry-run", NULL, NULL, FLAG_DRY_RUN, "check every line and store nothing"},
    {"example", NULL, NULL, FLAG_EXAMPLE, "an ini file with every setting and its default"},
    {"verify", NULL, NULL, FLAG_VERIFY, "read all of the copy, not only its structure"},
    {"keep", "N", NULL, 0, "of the dated copies in DIR, leave the newest N"},
    {"repair", NULL, NULL, FLAG_REPAIR, "derive again what is derived, then check"},
    {"help", NULL, NULL, FLAG_HELP, "this text"},
};

enum {
    OPTION_CONFIG = 0, /* its row */
    OPTION_KEEP = 10,
    OPTIONS = sizeof option_rows / sizeof option_rows[0]
};

static const struct command {
    const char *name;
    const char *options;  /* names in addition to config, database and help, a space between two */
    const char *argument; /* its name in the help; NULL when the command takes none */
    bool needs_argument;
    const char *help;
    int (*run)(const struct invocation *);
} commands[] = {
    {"serve", "listen static develop", NULL, false, "serve the paper", command_serve},
    {"import", "demo strict dry-run", "FILE", false,
     "read lines of JSON into the paper; - is standard input", command_import},
    {"export", "", "FILE", false,
     "write the paper as lines of JSON, to standard output without FILE", command_export},
    {"backup", "verify keep", "FILE|DIR", true,
     "copy the paper, while it is served, to a file, or to a file with a dated name in a folder",
     command_backup},
    {"restore", "verify", "FILE", true,
     "put a copy in the paper's place; the paper before stays under a dated name", command_restore},
    {"check", "repair", NULL, false, "look for damage, and say what to do", command_check},
    {"migrate", "", NULL, false, "bring the database to this version", command_migrate},
    {"health", "listen", NULL, false,
     "say whether the server that runs with these settings is healthy", command_health},
    {"views", "", "SLUG", true, "an article's counted views by the hour", command_views},
    {"config", "example listen static develop", NULL, false,
     "print the settings in force and where each came from", command_config},
    {"version", "", NULL, false, "print the version", command_version},
};

enum {
    COMMANDS = sizeof commands / sizeof commands[0]
};

static void print_usage(void)
{
    fputs("usage: khobor COMMAND [OPTION…]\n\n", stdout);
    for (size_t i = 0; i < COMMANDS; i++)
        log_print(stdout, "  %-8s  %s", commands[i].name, commands[i].help);
    fputs("\n`khobor COMMAND --help` lists a command's options.\n", stdout);
}

static bool takes_option(const struct command *command, const struct option_row *option)
{
    return has_word("config database help", option->name) ||
           has_word(command->options, option->name);
}

static int print_help(const struct command *command)
{
    const char *argument = command->argument ? command->argument : "";
    bool is_optional = command->argument && !command->needs_argument;
    log_print(stdout, "usage: khobor %s [OPTION…]%s%s%s%s", command->name, *argument ? " " : "",
              is_optional ? "[" : "", argument, is_optional ? "]" : "");
    fputs("\n", stdout);
    log_print(stdout, "%s", command->help);
    fputs("\n", stdout);
    for (size_t i = 0; i < OPTIONS; i++) {
        char name[40];
        if (!takes_option(command, &option_rows[i]))
            continue;
        int len = snprintf(name, sizeof name, "--%s %s", option_rows[i].name,
                           option_rows[i].value ? option_rows[i].value : "");
        assert(len < (int)sizeof name);
        log_print(stdout, "  %-20s  %s", name, option_rows[i].help);
    }
    fputs("\nEvery setting can be given as KHOBOR_SECTION_KEY in the environment too;\n"
          "`khobor config --example` lists them.\n",
          stdout);
    return EXIT_DONE;
}

static int wrong_usage(const struct command *command, const char *what, const char *which)
{
    log_print(stderr, "khobor: %s: %s%s; see `khobor %s --help`", command->name, what, which,
              command->name);
    return EXIT_USAGE;
}

/* What a command line says. */
struct command_line {
    const char *values[OPTIONS]; /* by row of option_rows; "on" for an option without a value */
    unsigned flags;
    const char *argument; /* NULL: none was given */
};

/* Reads a command's options and argument. EXIT_DONE, or EXIT_USAGE after a message. */
static int read_options(const struct command *command, int argc, char **argv,
                        struct command_line *line)
{
    struct option options[OPTIONS + 1] = {{0}};
    int count = 0, chosen, row;
    for (int i = 0; i < OPTIONS; i++) {
        if (takes_option(command, &option_rows[i]))
            options[count++] = (struct option){
                option_rows[i].name, option_rows[i].value ? required_argument : no_argument, NULL,
                i + 1};
    }
    opterr = 0;
    while ((chosen = getopt_long(argc, argv, ":", options, NULL)) != -1) {
        if (chosen == ':')
            return wrong_usage(command, "a value is missing after ", argv[optind - 1]);
        if (chosen == '?')
            return wrong_usage(command, "there is no option ", argv[optind - 1]);
        row = chosen - 1;
        assert(row >= 0 && row < OPTIONS);
        assert(takes_option(command, &option_rows[row]));
        line->flags |= option_rows[row].flag;
        line->values[row] = optarg ? optarg : "on";
    }
    if (optind < argc && command->argument)
        line->argument = argv[optind++];
    if (optind < argc)
        return wrong_usage(command, "one argument too many: ", argv[optind]);
    if (command->needs_argument && !line->argument && !(line->flags & FLAG_HELP))
        return wrong_usage(command, "an argument is missing: ", command->argument);
    return EXIT_DONE;
}

/* Takes settings from the file, then the environment, then the options; the last one wins. */
static int read_settings(struct config *config, const struct command_line *line)
{
    struct fault fault;
    assert(strcmp(option_rows[OPTION_CONFIG].name, "config") == 0);
    config_init(config);
    if (line->values[OPTION_CONFIG] &&
        config_read_file(config, line->values[OPTION_CONFIG], &fault) != STATUS_OK)
        return complain(&fault);
    if (config_read_environment(config, environ, &fault) != STATUS_OK)
        return complain(&fault);
    for (int i = 0; i < OPTIONS; i++) {
        const char *setting = option_rows[i].setting;
        if (setting && line->values[i] &&
            config_set_flag(config, setting, line->values[i], &fault) != STATUS_OK) {
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

static int run(const struct command *command, int argc, char **argv)
{
    struct config config;
    struct command_line line = {.flags = 0};
    int exit_status = read_options(command, argc, argv, &line);
    if (exit_status == EXIT_DONE && (line.flags & FLAG_HELP))
        return print_help(command);
    if (exit_status == EXIT_DONE)
        exit_status = read_settings(&config, &line);
    if (exit_status != EXIT_DONE)
        return exit_status;
    assert(line.argument || !command->needs_argument);
    assert(strcmp(option_rows[OPTION_KEEP].name, "keep") == 0);
    const struct invocation invocation = {&config, line.flags, line.argument,
                                          line.values[OPTION_KEEP]};
    return command->run(&invocation);
}

int main(int argc, char **argv)
{
    const char *name = argc > 1 ? argv[1] : "";
    json_use_arena();
    if (has_word("--help -h help", name)) {
        print_usage();
        return EXIT_DONE;
    }
    for (size_t i = 0; i < COMMANDS; i++) {
        bool is_asked = strcmp(name, "--version") == 0 && commands[i].run == command_version;
        if (is_asked || strcmp(commands[i].name, name) == 0)
            return run(&commands[i], argc - 1, argv + 1);
    }
    log_print(stderr, "khobor: %s%s; see `khobor --help`",
              *name ? "there is no command " : "a command is missing", name);
    return EXIT_USAGE;
}
