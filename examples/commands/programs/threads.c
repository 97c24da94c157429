/* The contrast to Python's threads: POSIX threads on CPU work, each with its share of the tasks.
 *
 * usage: threads THREADS TASKS
 */
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

static long fib(long n) { return n < 2 ? n : fib(n - 1) + fib(n - 2); }

struct part {
	pthread_t thread;
	long tasks, total;
};

static void *run(void *arg)
{
	struct part *p = arg;
	for (long i = 0; i < p->tasks; i++)
		p->total += fib(27);
	return NULL;
}

int main(int argc, char **argv)
{
	if (argc != 3) {
		fprintf(stderr, "usage: %s THREADS TASKS\n", argv[0]);
		return 2;
	}
	long threads = strtol(argv[1], NULL, 10), tasks = strtol(argv[2], NULL, 10), total = 0;
	if (threads < 1 || tasks < 1) {
		fprintf(stderr, "threads and tasks must be at least 1\n");
		return 2;
	}
	struct part *parts = calloc((size_t)threads, sizeof *parts);
	if (!parts)
		return 1;
	for (long k = 0; k < threads; k++) {
		parts[k].tasks = tasks / threads + (k < tasks % threads);
		if (pthread_create(&parts[k].thread, NULL, run, &parts[k]) != 0) {
			perror("pthread_create");
			return 1;
		}
	}
	for (long k = 0; k < threads; k++) {
		pthread_join(parts[k].thread, NULL);
		total += parts[k].total;
	}
	printf("%ld\n", total);
	return 0;
}
