package proc

import (
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"

	"golang.org/x/sys/unix"

	"github.com/corecurve/corecurve/trace/internal/wire"
	"github.com/corecurve/corecurve/trace/limits"
)

// prefix is the length of the number of bytes that a spec has on the socket.
const prefix = 8

// socket makes the pair of sockets over which a process is handed its next runs, keeps one end as l.Input and returns
// the other.
func (l *Link) socket() (theirs *os.File, err error) {
	fds, err := unix.Socketpair(unix.AF_UNIX, unix.SOCK_STREAM|unix.SOCK_CLOEXEC|unix.SOCK_NONBLOCK, 0)
	if err != nil {
		l.Started()
		l.Close()
		return nil, fmt.Errorf("attach: %w", err)
	}
	l.Input, theirs = os.NewFile(uintptr(fds[0]), "input"), os.NewFile(uintptr(fds[1]), "input")
	l.theirs = append(l.theirs, theirs)
	return theirs, nil
}

// Hand gives the process, which was started with a spec that says so, its next run: what to do, and the files that are
// its standard output and error from then on.
func (l *Link) Hand(spec wire.Spec, stdout, stderr *os.File) error {
	text, err := json.Marshal(spec)
	if err != nil {
		return fmt.Errorf("hand: %w", err)
	}
	rights := unix.UnixRights(int(stdout.Fd()), int(stderr.Fd()))
	raw, err := l.Input.SyscallConn()
	if err != nil {
		return fmt.Errorf("hand: %w", err)
	}
	text = append(binary.LittleEndian.AppendUint64(nil, uint64(len(text))), text...)
	var n int
	var sent error
	err = raw.Write(func(fd uintptr) bool {
		n, sent = unix.SendmsgN(int(fd), text, rights, nil, unix.MSG_NOSIGNAL)
		return !errors.Is(sent, unix.EAGAIN)
	})
	if err = errors.Join(err, sent); err == nil && n < len(text) {
		_, err = l.Input.Write(text[n:])
	}
	if err != nil {
		return fmt.Errorf("hand: %w", err)
	}
	return nil
}

// Next waits for the next run and makes it s.Spec, with its files as standard output and error. It returns [io.EOF] if
// there is none.
func (s *Self) Next() error {
	raw, err := s.Input.SyscallConn()
	if err != nil {
		return err
	}
	head, rights := make([]byte, prefix), make([]byte, unix.CmsgSpace(2*4))
	var n, control int
	var got error
	err = raw.Read(func(fd uintptr) bool {
		n, control, _, _, got = unix.Recvmsg(int(fd), head, rights, unix.MSG_CMSG_CLOEXEC)
		return !errors.Is(got, unix.EAGAIN)
	})
	if err = errors.Join(err, got); err != nil {
		return err
	}
	if n == 0 {
		return io.EOF
	}
	messages, err := unix.ParseSocketControlMessage(rights[:control])
	if err != nil || n != prefix || len(messages) != 1 {
		return fmt.Errorf("%d bytes and %d files for the next run: %w", n, len(messages), errors.Join(err, errHanded))
	}
	files, err := unix.ParseUnixRights(&messages[0])
	if err != nil || len(files) != 2 {
		return fmt.Errorf("files for the next run: %w", errors.Join(err, errHanded))
	}
	for i, fd := range files {
		if err := errors.Join(unix.Dup3(fd, 1+i, 0), unix.Close(fd)); err != nil {
			return fmt.Errorf("files for the next run: %w", err)
		}
	}
	size := binary.LittleEndian.Uint64(head)
	if size > limits.MessageBytes {
		return fmt.Errorf("a spec of %d bytes: %w", size, errHanded)
	}
	text := make([]byte, size)
	if _, err := io.ReadFull(s.Input, text); err != nil {
		return err
	}
	s.Spec = wire.Spec{}
	return json.Unmarshal(text, &s.Spec)
}

var errHanded = errors.New("that is nothing that corecurve hands to a process")

// Quiet closes the standard output and error of this process, so that their readers see their end.
func Quiet() error {
	null, err := os.OpenFile(os.DevNull, os.O_WRONLY, 0)
	if err != nil {
		return err
	}
	defer func() { _ = null.Close() }() // nothing was written to it
	return errors.Join(unix.Dup3(int(null.Fd()), 1, 0), unix.Dup3(int(null.Fd()), 2, 0))
}
