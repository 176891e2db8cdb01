using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Text;
using Bixbite.Platform.OpenSsl;
using Bixbite.Wire.Harness;
using Xunit;

namespace Bixbite.Unit.Platform.OpenSsl;

/// <summary>Conversations in memory, with whatever may come to a server from its peer.</summary>
public sealed class TlsSessionTests
{
    [Fact]
    public void LayoutsAreThoseOfTheLibrary()
    {
        Assert.Equal(40, Unsafe.SizeOf<BioBuffers>());
        Assert.Equal(56, Unsafe.SizeOf<Ssl.BrokenDownTime>());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void BytesComeAsTheyWere(bool isNewest)
    {
        using TlsPair pair = new(TlsPair.ServerContext(options => options with { AllowsTls13 = isNewest }));
        Assert.Equal((TlsProgress.Done, TlsProgress.Done), pair.Agree());
        foreach (int size in (int[])[1, 100, TlsSession.RecordSizeMax])
        {
            byte[] bytes = RandomNumberGenerator.GetBytes(size);
            Assert.Equal(TlsProgress.Done, pair.Write(pair.Client, bytes));
            Assert.InRange(pair.ToServer.Count, size + 1, size + TlsSession.RecordOverheadMax);
            Assert.Equal(TlsProgress.Done, pair.Read(pair.Server, out byte[] read));
            Assert.Equal(bytes, read);
            Assert.Equal(TlsProgress.WantsInput, pair.Read(pair.Server, out _));
            Assert.False(pair.Server.HoldsBytes);
            Assert.Equal(TlsProgress.Done, pair.Write(pair.Server, bytes));
            Assert.Equal(TlsProgress.Done, pair.Read(pair.Client, out read));
            Assert.Equal(bytes, read);
        }
    }

    [Fact]
    public void ARecordIsReadInParts()
    {
        using TlsPair pair = new();
        pair.Agree();
        byte[] bytes = RandomNumberGenerator.GetBytes(1000);
        pair.Write(pair.Client, bytes);
        List<byte> all = [];
        while (pair.Read(pair.Server, out byte[] part, 300) == TlsProgress.Done)
        {
            all.AddRange(part);
        }
        Assert.Equal(bytes, all);
    }

    /// <summary>A conversation is cut at every byte: nothing is said before the missing ones come, and nothing is lost.</summary>
    [Fact]
    public void RecordsMayBeCutAnywhere()
    {
        using TlsPair pair = new();
        pair.Agree();
        byte[] bytes = RandomNumberGenerator.GetBytes(50);
        for (int at = 1; at < 72; at++)
        {
            pair.Write(pair.Client, bytes);
            byte[] record = [.. pair.ToServer];
            pair.ToServer.Clear();
            pair.ToServer.AddRange(record[..at]);
            Assert.Equal(TlsProgress.WantsInput, pair.Read(pair.Server, out _));
            pair.ToServer.AddRange(record[at..]);
            Assert.Equal(TlsProgress.Done, pair.Read(pair.Server, out byte[] read));
            Assert.Equal(bytes, read);
        }
    }

    [Fact]
    public void AHandshakeMayComeByteByByte()
    {
        using TlsPair pair = new();
        byte[] room = new byte[32 * 1024];
        TlsBytes hello = new(default, room);
        Assert.Equal(TlsProgress.WantsInput, pair.Client.Handshake(ref hello));
        byte[] flight = room[..hello.Written];
        for (int at = 0; at < flight.Length; at++)
        {
            TlsBytes one = new(flight.AsSpan(at, 1), new byte[32 * 1024]);
            Assert.Equal(TlsProgress.WantsInput, pair.Server.Handshake(ref one));
            Assert.Equal(0, one.Input.Length);
            Assert.Equal(at == flight.Length - 1, one.Written > 0);
        }
    }

    [Fact]
    public void AChangedByteEndsIt()
    {
        using TlsPair pair = new();
        pair.Agree();
        pair.Write(pair.Client, [1, 2, 3]);
        pair.ToServer[^1] ^= 1;
        Assert.Equal(TlsProgress.Failed, pair.Read(pair.Server, out _));
        Assert.Equal("decryption failed or bad record mac", pair.Server.Failure);
        Assert.NotEmpty(pair.ToClient);
    }

    [Fact]
    public void ARequestInTheClearIsNotUnderstood()
    {
        using TlsPair pair = new();
        pair.ToServer.AddRange(Encoding.ASCII.GetBytes("*1\r\n$4\r\nPING\r\n"));
        TlsBytes bytes = new(pair.ToServer.ToArray(), new byte[1024]);
        Assert.Equal(TlsProgress.Failed, pair.Server.Handshake(ref bytes));
        Assert.NotEqual("", pair.Server.Failure);
    }

    [Fact]
    public void WhoEndsSaysSo()
    {
        using TlsPair pair = new();
        pair.Agree();
        pair.Write(pair.Client, [7]);
        pair.EndWriting(pair.Client);
        Assert.Equal(TlsProgress.Done, pair.Read(pair.Server, out byte[] last));
        Assert.Equal([7], last);
        Assert.Equal(TlsProgress.Ended, pair.Read(pair.Server, out _));
        Assert.Equal(TlsProgress.Done, pair.Write(pair.Server, [8]));
        Assert.Equal(TlsProgress.Done, pair.Read(pair.Client, out byte[] answer));
        Assert.Equal([8], answer);
    }

    [Fact]
    public void KeysChangeWithinAConversation()
    {
        using TlsPair pair = new();
        pair.Agree();
        for (int round = 0; round < 100; round++)
        {
            Assert.True(pair.Client.UpdateKeys());
            pair.Write(pair.Client, [(byte)round]);
            Assert.Equal(TlsProgress.Done, pair.Read(pair.Server, out byte[] read));
            Assert.Equal([(byte)round], read);
            Assert.Equal(TlsProgress.Done, pair.Write(pair.Server, read));
            Assert.Equal(TlsProgress.Done, pair.Read(pair.Client, out read));
            Assert.Equal([(byte)round], read);
        }
    }

    [Theory]
    [InlineData(PeerVerification.None, true)]
    [InlineData(PeerVerification.Optional, true)]
    [InlineData(PeerVerification.Required, true)]
    public void ClientsSayWhoTheyAre(PeerVerification verification, bool isAgreed)
    {
        using TlsPair pair = new(verification: verification);
        Assert.Equal(isAgreed, pair.Agree().Server == TlsProgress.Done);
        Assert.Equal(verification == PeerVerification.None ? null : "alice", pair.Server.PeerCertificate()?.CommonName);
    }

    [Fact]
    public void StrangersAreNotTrusted()
    {
        TestCertificate stranger = TestCertificates.Make("mallory", issuer: null);
        using TlsContext context = TlsPair.ClientContext(options => options with
        {
            Certificate = TlsPair.FileOf(stranger.Pem), Key = TlsPair.FileOf(stranger.KeyPem),
        });
        using TlsPair pair = new(client: context, verification: PeerVerification.Optional);
        Assert.Equal(TlsProgress.Failed, pair.Agree().Server);
        Assert.Contains("certificate", pair.Server.Failure, StringComparison.Ordinal);
    }

    [Fact]
    public void UrisAreRead()
    {
        TestCertificate service = TestCertificates.Make("service", TestCertificates.Authority, ["urn:a:b", "https://c/d"]);
        using TlsContext context = TlsPair.ClientContext(options => options with
        {
            Certificate = TlsPair.FileOf(service.Pem), Key = TlsPair.FileOf(service.KeyPem),
        });
        using TlsPair pair = new(client: context, verification: PeerVerification.Required);
        pair.Agree();
        Assert.Equal(["urn:a:b", "https://c/d"], pair.Server.PeerCertificate()!.Uris);
    }
}
