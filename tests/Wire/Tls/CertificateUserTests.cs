using Bixbite.Wire.Harness;

namespace Bixbite.Wire.Tls;

/// <summary>A client's certificate says which user it is.</summary>
public sealed class CertificateUserTests
{
    [Fact]
    public void The_common_name_is_the_user()
    {
        using TlsServer server = TlsServer.Start("--tls-auth-clients-user", "CN");
        using RespConnection plain = server.ConnectPlain();
        plain.Call("ACL SETUSER alice on resetpass +@all -flushall ~a:*");
        using RespConnection client = server.Connect();
        Assert.Equal("alice", client.Call("ACL WHOAMI").Text);
        Assert.StartsWith("NOPERM", client.Call("FLUSHALL").Text, StringComparison.Ordinal);
        Assert.Contains(" user=alice ", client.Call("CLIENT INFO").Text, StringComparison.Ordinal);
        Assert.Equal("0", server.Info("acl_access_denied_tls_cert"));
    }

    [Theory]
    [InlineData("")]
    [InlineData("ACL SETUSER alice off +@all")]
    public void Without_such_a_user_it_is_the_default_one(string command)
    {
        using TlsServer server = TlsServer.Start("--tls-auth-clients-user", "CN", "--requirepass", "secret");
        using RespConnection plain = server.ConnectPlain();
        plain.Call("AUTH secret");
        if (command.Length > 0)
        {
            Assert.Equal("OK", plain.Call(command).Text);
        }
        using RespConnection client = server.Connect();
        Assert.StartsWith("NOAUTH", client.Call("ACL WHOAMI").Text, StringComparison.Ordinal);
        Assert.Contains("acl_access_denied_tls_cert:1\r\n", plain.Call("INFO stats").Text, StringComparison.Ordinal);
        string log = plain.Call("ACL LOG").ToString();
        Assert.Contains("tls-cert", log, StringComparison.Ordinal);
        Assert.Contains("alice", log, StringComparison.Ordinal);
        Assert.Equal("OK", client.Call("AUTH secret").Text);
        Assert.Equal("default", client.Call("ACL WHOAMI").Text);
    }

    [Fact]
    public void Names_do_not_matter_unless_asked_for()
    {
        using TlsServer server = TlsServer.Start();
        using RespConnection plain = server.ConnectPlain();
        plain.Call("ACL SETUSER alice on +@all");
        using RespConnection client = server.Connect();
        Assert.Equal("default", client.Call("ACL WHOAMI").Text);
        Assert.Equal("0", server.Info("acl_access_denied_tls_cert"));
    }

    [Fact]
    public void The_first_uri_that_is_a_user_counts()
    {
        using TlsServer server = TlsServer.Start("--tls-auth-clients-user", "URI");
        TestCertificate service = TestCertificates.Make("service", TestCertificates.Authority, ["urn:service:one", "urn:service:two"]);
        using RespConnection plain = server.ConnectPlain();
        plain.Call("ACL SETUSER urn:service:one on +@all");
        plain.Call("ACL SETUSER urn:service:two on +@all");
        Assert.Equal("urn:service:one", WhoIs(server, service));
        plain.Call("ACL SETUSER urn:service:one off");
        Assert.Equal("urn:service:two", WhoIs(server, service));
        plain.Call("ACL DELUSER urn:service:one urn:service:two");
        Assert.Equal("default", WhoIs(server, service));
    }

    [Fact]
    public void A_client_without_a_certificate_is_nobody_special()
    {
        using TlsServer server = TlsServer.Start("--tls-auth-clients-user", "CN", "--tls-auth-clients", "optional");
        using RespConnection plain = server.ConnectPlain();
        plain.Call("ACL SETUSER alice on +@all");
        using RespConnection client = server.ConnectNameless();
        Assert.Equal("default", client.Call("ACL WHOAMI").Text);
        using RespConnection known = server.Connect();
        Assert.Equal("alice", known.Call("ACL WHOAMI").Text);
    }

    private static string WhoIs(TlsServer server, TestCertificate certificate)
    {
        using RespConnection client = server.Connect(certificate);
        return client.Call("ACL WHOAMI").Text;
    }
}
