using System.Security.Cryptography;
using Bixbite.Platform.OpenSsl;
using Bixbite.Wire.Harness;
using Xunit;

namespace Bixbite.Unit.Platform.OpenSsl;

/// <summary>A context says of what it is made, and what is wrong with that.</summary>
public sealed class TlsContextTests
{
    [Fact]
    public void FactsAreThoseOfTheCertificates()
    {
        using TlsContext context = TlsPair.ServerContext();
        TestCertificate server = TestCertificates.Server;
        Assert.Equal(server.Serial, context.Certificate.Serial);
        Assert.Equal(new DateTimeOffset(server.Certificate.NotAfter).ToUnixTimeSeconds(), context.Certificate.ExpiresAt);
        Assert.Equal(TestCertificates.Authority.Serial, context.Trusted!.Serial);
    }

    [Fact]
    public void OfTheTrustedTheFirstToEndIsTold()
    {
        TestCertificate other = TestCertificates.Make("other", issuer: null, until: TimeSpan.FromDays(3));
        using TlsContext context = TlsPair.ServerContext(options => options with
        {
            Trusted = [TlsPair.FileOf(TestCertificates.Authority.Pem + "\n" + other.Pem)],
        });
        Assert.Equal(other.Serial, context.Trusted!.Serial);
    }

    [Fact]
    public void WhatIsOfNoUseIsNamed()
    {
        TlsFile rubbish = new("/rubbish", [1, 2, 3]);
        AssertProblem("the certificate in /rubbish is of no use", options => options with { Certificate = rubbish });
        AssertProblem("the private key in /rubbish is of no use", options => options with { Key = rubbish });
        AssertProblem("the certificates to trust in /rubbish are of no use", options => options with { Trusted = [rubbish] });
        AssertProblem("the parameters in /rubbish are of no use", options => options with { DhParameters = rubbish });
        AssertProblem("the list of ciphers 'NONE' is of no use", options => options with { Ciphers = "NONE" });
        AssertProblem("the list of cipher suites 'x' is of no use", options => options with { CipherSuites = "x" });
        AssertProblem("key values mismatch", options => options with { Key = TlsPair.FileOf(TestCertificates.Client.KeyPem) });
        AssertProblem("the certificate in a.pem is of no use", options => options with
        {
            Certificate = TlsPair.FileOf(TestCertificates.Server.Pem + "\n-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"),
        });
    }

    [Fact]
    public void AKeyMayHaveAPassword()
    {
        string encrypted = TestCertificates.Server.Key.ExportEncryptedPkcs8PrivateKeyPem(
            "secret", new PbeParameters(PbeEncryptionAlgorithm.Aes256Cbc, HashAlgorithmName.SHA256, 1000));
        using TlsContext context = TlsPair.ServerContext(options => options with
        {
            Key = TlsPair.FileOf(encrypted), KeyPassword = "secret"u8.ToArray(),
        });
        AssertProblem("the private key in a.pem is of no use", options => options with { Key = TlsPair.FileOf(encrypted) });
        AssertProblem(
            "the private key in a.pem is of no use",
            options => options with { Key = TlsPair.FileOf(encrypted), KeyPassword = "Secret"u8.ToArray() });
    }

    private static void AssertProblem(string expected, Func<TlsContextOptions, TlsContextOptions> change)
    {
        TlsContextOptions options = new()
        {
            Certificate = TlsPair.FileOf(TestCertificates.Server.Pem), Key = TlsPair.FileOf(TestCertificates.Server.KeyPem),
        };
        Assert.Null(TlsContextMaker.Create(change(options), out string problem));
        Assert.Contains(expected, problem, StringComparison.Ordinal);
    }
}
