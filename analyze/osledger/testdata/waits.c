/* Two workers that work by sleeping, so that the load of the machine changes nothing, and wait for each other in the way
 * that the argument names, for 100 rounds. */
#include <pthread.h>
#include <semaphore.h>
#include <stdint.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

enum { rounds = 100, ms = 1000 };

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t changed = PTHREAD_COND_INITIALIZER;
static pthread_barrier_t barrier;
static sem_t posted[2];
static int turn, ends[2][2];

static void locks(int me)
{
	(void)me;
	pthread_mutex_lock(&lock);
	usleep(5 * ms);
	pthread_mutex_unlock(&lock);
	usleep(1 * ms);
}

static void meets(int me)
{
	usleep(me ? 5 * ms : 1 * ms);
	pthread_barrier_wait(&barrier);
}

static void awaits(int me)
{
	pthread_mutex_lock(&lock);
	while (turn != me)
		pthread_cond_wait(&changed, &lock);
	pthread_mutex_unlock(&lock);
	usleep(4 * ms);
	pthread_mutex_lock(&lock);
	turn = 1 - me;
	pthread_cond_signal(&changed);
	pthread_mutex_unlock(&lock);
}

static void posts(int me)
{
	sem_wait(&posted[me]);
	usleep(4 * ms);
	sem_post(&posted[1 - me]);
}

static void sends(int me)
{
	char c;
	if (read(ends[me][0], &c, 1) != 1)
		return;
	usleep(4 * ms);
	if (write(ends[1 - me][1], &c, 1) != 1)
		return;
}

static void (*once)(int);

static void *worker(void *me)
{
	for (int i = 0; i < rounds; i++)
		once((int)(intptr_t)me);
	return NULL;
}

static void sleeps(int me)
{
	(void)me;
	usleep(5 * ms);
}

static int children(void)
{
	once = sleeps;
	for (intptr_t k = 0; k < 2; k++)
		if (fork() == 0) {
			worker((void *)k);
			_exit(0);
		}
	while (wait(NULL) > 0)
		;
	return 0;
}

int main(int argc, char **argv)
{
	static const struct {
		const char *name;
		void (*once)(int);
	} kinds[] = {{"lock", locks}, {"barrier", meets}, {"condition", awaits}, {"semaphore", posts}, {"pipe", sends}};
	pthread_t t[2];
	if (argc != 2)
		return 2;
	if (!strcmp(argv[1], "children"))
		return children();
	for (unsigned k = 0; k < sizeof kinds / sizeof *kinds; k++)
		if (!strcmp(argv[1], kinds[k].name))
			once = kinds[k].once;
	pthread_barrier_init(&barrier, NULL, 2);
	sem_init(&posted[0], 0, 1);
	sem_init(&posted[1], 0, 0);
	if (!once || pipe(ends[0]) || pipe(ends[1]) || write(ends[0][1], "", 1) != 1)
		return 1;
	for (intptr_t k = 0; k < 2; k++)
		pthread_create(&t[k], NULL, worker, (void *)k);
	for (int k = 0; k < 2; k++)
		pthread_join(t[k], NULL);
	return 0;
}
