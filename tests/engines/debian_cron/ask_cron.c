/* Asks Debian's cron itself: its own load_entry and its own main loop, on a clock that is set from outside.
 *
 * Compiled in the folder of its unpacked and patched source, of which cron.c is included, its loop also as loop.h, and
 * entry.c, env.c and misc.c are linked. Reads lines `time-of-entry <tab> begin <tab> end` (seconds since 1970), and writes for each a line:
 * `error` and cron's words, or the bits of the five fields, the flags, and every run as `clock:virtual` (the seconds of
 * the clock when the job was put into the queue, and the minute of the wall clock for which that was done).
 */
#include <setjmp.h>
#include <time.h>

static long now, last, vtime;
static jmp_buf over;
static char failure[200];
static long asked_time(void *unused);
static unsigned asked_sleep(unsigned seconds);
static void put(void *e, long at);

#define main cron_main
#define time(x) asked_time(x)
#define sleep(x) asked_sleep(x)
#define job_add(e, u) put(e, vtime)
#include "cron.c"
static void asked_loop(cron_db database) {
#include "loop.h" /* the loop of main, cut out of cron.c */
}
#undef main
#undef time
#undef sleep
#undef job_add

static int waiting;

static long asked_time(void *unused) {
    (void)unused;
    return now;
}

static unsigned asked_sleep(unsigned seconds) {
    now += seconds ? seconds : 1;
    if (now > last)
        longjmp(over, 1);
    return 0;
}

static void put(void *e, long at) {
    (void)e;
    waiting++;
    printf(" %ld:%ld", now, at);
}

int job_runqueue(void) {
    int had = waiting;
    waiting = 0;
    return had;
}

void load_database(cron_db *db) { (void)db; }
void check_orphans(cron_db *db) { (void)db; }
void free_user(user *u) { (void)u; }
void do_command(entry *e, user *u) { (void)e; (void)u; }
static void complain(char *text) { snprintf(failure, sizeof failure, "%s", text); }

static void bits(bitstr_t *set, int low, int high) {
    printf(" ");
    for (int i = low; i <= high; i++)
        putchar(bit_test(set, i - low) ? '1' : '0');
}

int main(void) {
    static char line[2000], copy[2000];
    static struct passwd who;
    static user person;
    static cron_db db;
    char *none[] = {NULL};
    who.pw_name = "somebody", who.pw_dir = "/";
    while (fgets(line, sizeof line, stdin)) {
        char *first = strchr(line, '\t'), *second = strchr(first + 1, '\t');
        *first = *second = 0;
        snprintf(copy, sizeof copy, "%s command\n", line);
        FILE *file = fmemopen(copy, strlen(copy), "r");
        failure[0] = 0;
        waiting = 0;
        entry *e = load_entry(file, complain, &who, none);
        fclose(file);
        if (e == NULL) {
            printf("error %s\n", failure);
            continue;
        }
        if (strcmp(e->cmd, "command")) {
            printf("error command is %s\n", e->cmd);
            continue;
        }
        printf("read");
        bits(e->minute, 0, 59), bits(e->hour, 0, 23), bits(e->dom, 1, 31), bits(e->month, 1, 12), bits(e->dow, 0, 7);
        printf(" %d%d%d%d", !!(e->flags & MIN_STAR), !!(e->flags & HR_STAR), !!(e->flags & DOM_STAR),
               !!(e->flags & DOW_STAR));
        now = atol(first + 1), last = atol(second + 1);
        person.crontab = e, e->next = NULL, db.head = &person;
        if (now < last && !setjmp(over)) {
            set_time(TRUE);
            timeRunning = virtualTime = clockTime;
            asked_loop(db);
        }
        printf("\n");
    }
    return 0;
}
