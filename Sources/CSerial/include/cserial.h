#ifndef CSERIAL_H
#define CSERIAL_H

// The calls that Swift cannot spell: ioctl is variadic, and the kernel's termios2 (which alone carries a baud rate that is not in
// POSIX's list) cannot be included beside glibc's termios.h. The kernel's constants stay inside cserial.c; none is repeated in Swift.
//
// Every function that returns int answers 0, or the errno of the call that failed.

#include <poll.h>
#include <stddef.h>
#include <stdint.h>

/// The kernel's struct termios2, field by field.
struct cserial_settings {
  uint32_t iflag;
  uint32_t oflag;
  uint32_t cflag;
  uint32_t lflag;
  uint32_t input_baud;
  uint32_t output_baud;
  uint8_t line;
  uint8_t cc[19];
};

/// What the driver counted since the machine started: struct serial_icounter_struct.
struct cserial_line_errors {
  int32_t framing;
  int32_t overrun;
  int32_t parity;
  int32_t breaks;
  int32_t buffer_overrun;
};

int cserial_get_settings(int fd, struct cserial_settings *settings);
/// Takes effect at once, without waiting for output.
int cserial_set_settings(int fd, const struct cserial_settings *settings);
/// Raw bytes: eight data bits, no parity, one stop bit, no flow control, no modem control, no echo, no signals, no translation;
/// a read answers from one byte on.
void cserial_make_raw(struct cserial_settings *settings, uint32_t baud);
/// Parity (0 none, 1 odd, 2 even) and stop bits (1 or 2) of raw bytes. A byte with a wrong parity is handed on all the same: what it
/// belongs to fails its own check.
void cserial_set_characters(struct cserial_settings *settings, int parity, int stop_bits);
/// Throws away what came in and was not read.
int cserial_flush_input(int fd);

/// TIOCEXCL: from now on an open of this terminal fails with EBUSY, except for a process with CAP_SYS_ADMIN.
int cserial_set_exclusive(int fd);
/// TIOCNXCL.
int cserial_clear_exclusive(int fd);
/// TIOCGEXCL: 1 when somebody has made the terminal exclusive, else 0 (also when the kernel cannot tell).
int cserial_is_exclusive(int fd);

/// Sets or clears ASYNC_LOW_LATENCY and says what it was before. ENOTTY where the driver has no such setting.
int cserial_set_low_latency(int fd, int on, int *was_on);
int cserial_get_line_errors(int fd, struct cserial_line_errors *errors);
/// Raises or lowers the modem lines: DTR, RTS.
int cserial_set_dtr(int fd, int on);
int cserial_set_rts(int fd, int on);
/// How many received bytes wait to be read.
int cserial_bytes_waiting(int fd, int *count);

/// The greatest error of the calendar clock against true time that the host's time service admits, in microseconds (read only; nothing is
/// set). ENODATA while no service keeps the clock.
int cserial_clock_error(int64_t *microseconds);

/// Opens a new pseudo-terminal: its master (close-on-exec, non-blocking) and the path of its slave.
int cserial_open_pseudo_terminal(int *master, char *path, size_t path_size);

/// A new eventfd, close-on-exec and non-blocking.
int cserial_event_fd(int *fd);
/// ppoll: waits until a descriptor is ready, but no longer than so many nanoseconds (negative: without end). `ready` becomes how many
/// are. A signal ends the wait with none ready.
int cserial_wait(struct pollfd *fds, size_t count, int64_t nanoseconds, int *ready);
/// Names the calling thread, as debuggers and top show it; the kernel keeps 15 bytes.
void cserial_name_thread(const char *name);

/// The amount that a stop request adds to the loop's eventfd; a plain wake-up adds 1.
static const uint64_t cserial_stop = (uint64_t)1 << 32;

/// From now on the first SIGINT, SIGTERM or SIGHUP adds cserial_stop to the eventfd and gives the signal back its default action, so
/// that a second one ends the program. EBUSY when it is installed already. A signal that was ignored stays ignored; the
/// calling thread blocks none of them any more.
int cserial_stop_signals_install(int event_fd);
/// Puts back what was there before. Called on the thread that installed it.
void cserial_stop_signals_remove(void);
/// The last stop signal that came since the installation, or 0.
int cserial_stop_signals_received(void);

/// Columns and rows of the terminal's window.
int cserial_window_size(int fd, uint16_t *columns, uint16_t *rows);

#endif
