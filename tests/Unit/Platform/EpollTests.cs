using Bixbite.Platform;
using Xunit;

namespace Bixbite.Unit.Platform;

public sealed class EpollTests
{
    [Fact]
    public void EveryEventComesBackWithItsData()
    {
        int epoll = Epoll.epoll_create1();
        int first = Epoll.eventfd();
        int second = Epoll.eventfd();
        using EpollEvents events = new(8);
        Assert.Equal(0, Epoll.epoll_ctl(epoll, Epoll.EPOLL_CTL_ADD, first, Epoll.EPOLLIN, 0x1122334455667788));
        Assert.Equal(0, Epoll.epoll_ctl(epoll, Epoll.EPOLL_CTL_ADD, second, Epoll.EPOLLIN, ulong.MaxValue));
        Assert.Equal(0, Epoll.epoll_wait(epoll, events, 0));

        Assert.Equal(8, Files.write(first, BitConverter.GetBytes(1L)));
        Assert.Equal(8, Files.write(second, BitConverter.GetBytes(1L)));
        Assert.Equal(2, Epoll.epoll_wait(epoll, events, 1000));
        Assert.Equal([0x1122334455667788UL, ulong.MaxValue], new[] { events.DataAt(0), events.DataAt(1) }.Order());
        Assert.Equal(Epoll.EPOLLIN, events.EventsAt(0));
        Assert.Equal(Epoll.EPOLLIN, events.EventsAt(1));

        foreach (int descriptor in new[] { first, second, epoll })
        {
            Assert.Equal(0, Files.close(descriptor));
        }
    }

    [Fact]
    public void EdgesOfAnEventCounterComeWithEveryWrite()
    {
        int epoll = Epoll.epoll_create1();
        int counter = Epoll.eventfd();
        using EpollEvents events = new(8);
        Epoll.epoll_ctl(epoll, Epoll.EPOLL_CTL_ADD, counter, Epoll.EPOLLIN | Epoll.EPOLLET, 7);
        for (int round = 0; round < 3; round++)
        {
            Files.write(counter, BitConverter.GetBytes(1L));
            Assert.Equal(1, Epoll.epoll_wait(epoll, events, 1000));
            Assert.Equal(0, Epoll.epoll_wait(epoll, events, 0));
        }
        Files.close(counter);
        Files.close(epoll);
    }

    [Fact]
    public void FailuresAreNegativeErrorNumbers()
    {
        Assert.Equal(-9, Files.close(-1));
        Assert.Equal(-9, Epoll.epoll_ctl(-1, Epoll.EPOLL_CTL_ADD, 0, 0, 0));
        Assert.Equal(-Errno.ENOENT, Files.unlink("/nowhere/at/all"));
        Assert.Equal(-Errno.ENOENT, Files.chmod("/nowhere/at/all", 448));
        Assert.Equal("Address already in use", Errno.Text(Errno.EADDRINUSE));
        Assert.Equal("Too many open files", Errno.Text(Errno.EMFILE));
    }
}
