using System.Globalization;

namespace Bixbite.Platform.OpenSsl;

/// <summary>A certificate as INFO tells of it.</summary>
/// <param name="Serial">Its number, hexadecimal in capitals.</param>
/// <param name="ExpiresAt">Its last second, in seconds of Unix.</param>
public sealed record CertificateFacts(string Serial, long ExpiresAt)
{
    internal static unsafe CertificateFacts Of(nint certificate)
    {
        nint serial = Ssl.X509_get0_serialNumber(certificate);
        string text = Convert.ToHexString(new ReadOnlySpan<byte>(Ssl.ASN1_STRING_get0_data(serial), Ssl.ASN1_STRING_length(serial)));
        Ssl.BrokenDownTime parts;
        bool isKnown = Ssl.ASN1_TIME_to_tm(Ssl.X509_get0_notAfter(certificate), &parts) == 1;
        string stamp = string.Create(
            CultureInfo.InvariantCulture,
            $"{parts.Year + 1900:0000}-{parts.Month + 1:00}-{parts.Day:00} {parts.Hour:00}:{parts.Minute:00}:{parts.Second:00}Z");
        bool isDate = DateTimeOffset.TryParse(stamp, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out DateTimeOffset end);
        return new CertificateFacts(text.Length == 0 ? "00" : text, isKnown && isDate ? end.ToUnixTimeSeconds() : 0);
    }
}

/// <summary>The names in a certificate that a peer has shown and that was found good.</summary>
/// <param name="CommonName">The subject's common name; null where there is none, or one with a zero byte.</param>
/// <param name="Uris">The URIs among its alternative names.</param>
public sealed record PeerCertificate(string? CommonName, IReadOnlyList<string> Uris);
