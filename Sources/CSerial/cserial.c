#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include "cserial.h"

#include <asm/ioctls.h>
#include <asm/termbits.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/serial.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/ioctl.h>
#include <sys/timex.h>
#include <unistd.h>

_Static_assert(NCCS == sizeof(((struct cserial_settings *)0)->cc), "the kernel's number of control characters");

#define ANSWER(call) ((call) == 0 ? 0 : errno)

int cserial_get_settings(int fd, struct cserial_settings *settings) {
  struct termios2 t;
  if (ioctl(fd, TCGETS2, &t) != 0) return errno;
  settings->iflag = t.c_iflag;
  settings->oflag = t.c_oflag;
  settings->cflag = t.c_cflag;
  settings->lflag = t.c_lflag;
  settings->input_baud = t.c_ispeed;
  settings->output_baud = t.c_ospeed;
  settings->line = t.c_line;
  memcpy(settings->cc, t.c_cc, NCCS);
  return 0;
}

int cserial_set_settings(int fd, const struct cserial_settings *settings) {
  struct termios2 t = {
      .c_iflag = settings->iflag,
      .c_oflag = settings->oflag,
      .c_cflag = settings->cflag,
      .c_lflag = settings->lflag,
      .c_line = settings->line,
      .c_ispeed = settings->input_baud,
      .c_ospeed = settings->output_baud,
  };
  memcpy(t.c_cc, settings->cc, NCCS);
  return ANSWER(ioctl(fd, TCSETS2, &t));
}

void cserial_make_raw(struct cserial_settings *settings, uint32_t baud) {
  settings->iflag &= ~(uint32_t)(IGNBRK | BRKINT | PARMRK | IGNPAR | INPCK | ISTRIP | INLCR | IGNCR | ICRNL | IUCLC | IXON | IXOFF | IXANY | IMAXBEL);
  settings->oflag &= ~(uint32_t)OPOST;
  settings->lflag &= ~(uint32_t)(ECHO | ECHOE | ECHOK | ECHONL | ICANON | ISIG | IEXTEN);
  settings->cflag &= ~(uint32_t)(CSIZE | PARENB | PARODD | CMSPAR | CSTOPB | CRTSCTS | CBAUD | (CBAUD << IBSHIFT));
  settings->cflag |= CS8 | CREAD | CLOCAL | BOTHER | ((uint32_t)BOTHER << IBSHIFT);
  settings->input_baud = baud;
  settings->output_baud = baud;
  // With VMIN 0 an empty port and a port that hung up both read as 0 bytes. With VMIN 1 the empty one answers EAGAIN, so that 0
  // keeps its one meaning.
  settings->cc[VMIN] = 1;
  settings->cc[VTIME] = 0;
}

void cserial_set_characters(struct cserial_settings *settings, int parity, int stop_bits) {
  settings->cflag &= ~(uint32_t)(PARENB | PARODD | CSTOPB);
  if (parity != 0) settings->cflag |= PARENB | (parity == 1 ? PARODD : 0);
  if (stop_bits == 2) settings->cflag |= CSTOPB;
}

int cserial_flush_input(int fd) { return ANSWER(ioctl(fd, TCFLSH, TCIFLUSH)); }

int cserial_set_exclusive(int fd) { return ANSWER(ioctl(fd, TIOCEXCL)); }

int cserial_clear_exclusive(int fd) { return ANSWER(ioctl(fd, TIOCNXCL)); }

int cserial_is_exclusive(int fd) {
  int exclusive = 0;
  return ioctl(fd, TIOCGEXCL, &exclusive) == 0 && exclusive != 0;
}

int cserial_set_low_latency(int fd, int on, int *was_on) {
  struct serial_struct serial;
  memset(&serial, 0, sizeof serial);
  if (ioctl(fd, TIOCGSERIAL, &serial) != 0) return errno;
  *was_on = (serial.flags & ASYNC_LOW_LATENCY) != 0;
  if (*was_on == (on != 0)) return 0;
  serial.flags ^= ASYNC_LOW_LATENCY;
  return ANSWER(ioctl(fd, TIOCSSERIAL, &serial));
}

int cserial_get_line_errors(int fd, struct cserial_line_errors *errors) {
  struct serial_icounter_struct count;
  memset(&count, 0, sizeof count);
  if (ioctl(fd, TIOCGICOUNT, &count) != 0) return errno;
  errors->framing = count.frame;
  errors->overrun = count.overrun;
  errors->parity = count.parity;
  errors->breaks = count.brk;
  errors->buffer_overrun = count.buf_overrun;
  return 0;
}

static int set_modem_line(int fd, int line, int on) { return ANSWER(ioctl(fd, on ? TIOCMBIS : TIOCMBIC, &line)); }

int cserial_set_dtr(int fd, int on) { return set_modem_line(fd, TIOCM_DTR, on); }

int cserial_set_rts(int fd, int on) { return set_modem_line(fd, TIOCM_RTS, on); }

int cserial_bytes_waiting(int fd, int *count) { return ANSWER(ioctl(fd, FIONREAD, count)); }

int cserial_clock_error(int64_t *microseconds) {
  struct timex state = {0};
  int answer = adjtimex(&state);
  if (answer < 0) return errno;
  if (answer == TIME_ERROR || (state.status & STA_UNSYNC) || state.maxerror < 0) return ENODATA;
  *microseconds = state.maxerror;
  return 0;
}

int cserial_open_pseudo_terminal(int *master, char *path, size_t path_size) {
  int fd = posix_openpt(O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC);
  if (fd < 0) return errno;
  int failure = 0;
  if (grantpt(fd) != 0 || unlockpt(fd) != 0) {
    failure = errno;
  } else {
    failure = ptsname_r(fd, path, path_size);
  }
  if (failure != 0) {
    close(fd);
    return failure;
  }
  *master = fd;
  return 0;
}

int cserial_event_fd(int *fd) {
  *fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
  return *fd < 0 ? errno : 0;
}

int cserial_wait(struct pollfd *fds, size_t count, int64_t nanoseconds, int *ready) {
  struct timespec limit = {.tv_sec = nanoseconds / 1000000000, .tv_nsec = nanoseconds % 1000000000};
  *ready = ppoll(fds, count, nanoseconds < 0 ? NULL : &limit, NULL);
  if (*ready >= 0) return 0;
  *ready = 0;
  return errno == EINTR ? 0 : errno;
}

void cserial_name_thread(const char *name) {
  char kept[16] = {0};
  strncpy(kept, name, sizeof kept - 1);
  pthread_setname_np(pthread_self(), kept);
}

// The signals that ask a program to end. SIGHUP: its terminal window was closed.
static const int stop_signals[] = {SIGINT, SIGTERM, SIGHUP};
enum { stop_signal_count = sizeof stop_signals / sizeof stop_signals[0] };
static struct sigaction previous_actions[stop_signal_count];
static sigset_t previous_mask;
static volatile sig_atomic_t stop_installed = 0;
static volatile sig_atomic_t stop_received = 0;
static volatile sig_atomic_t stop_event_fd = -1;

static void on_stop_signal(int signal) {
  int saved = errno;
  stop_received = signal;
  uint64_t amount = cserial_stop;
  ssize_t written = write(stop_event_fd, &amount, sizeof amount);
  (void)written;
  errno = saved;
}

int cserial_stop_signals_install(int event_fd) {
  if (stop_installed) return EBUSY;
  stop_installed = 1;
  stop_received = 0;
  stop_event_fd = event_fd;
  struct sigaction action;
  memset(&action, 0, sizeof action);
  action.sa_handler = on_stop_signal;
  action.sa_flags = SA_RESTART | (int)SA_RESETHAND;
  sigemptyset(&action.sa_mask);
  sigset_t wanted;
  sigemptyset(&wanted);
  for (int i = 0; i < stop_signal_count; i++) {
    sigaddset(&wanted, stop_signals[i]);
    sigaction(stop_signals[i], NULL, &previous_actions[i]);
    // nohup and background jobs of a shell ignore signals on purpose.
    if (previous_actions[i].sa_handler == SIG_IGN) continue;
    sigaction(stop_signals[i], &action, NULL);
  }
  // A program inherits the mask of the thread that started it, and a dispatch queue's threads, for one, block these.
  pthread_sigmask(SIG_UNBLOCK, &wanted, &previous_mask);
  return 0;
}

void cserial_stop_signals_remove(void) {
  if (!stop_installed) return;
  for (int i = 0; i < stop_signal_count; i++) sigaction(stop_signals[i], &previous_actions[i], NULL);
  pthread_sigmask(SIG_SETMASK, &previous_mask, NULL);
  stop_installed = 0;
}

int cserial_stop_signals_received(void) { return stop_received; }

int cserial_window_size(int fd, uint16_t *columns, uint16_t *rows) {
  struct winsize size;
  if (ioctl(fd, TIOCGWINSZ, &size) != 0) return errno;
  *columns = size.ws_col;
  *rows = size.ws_row;
  return 0;
}
