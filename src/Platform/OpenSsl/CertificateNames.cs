using System.Text;

namespace Bixbite.Platform.OpenSsl;

/// <summary>Reads the names in a certificate. One with a zero byte in it is none: whoever compares names must not stop there.</summary>
internal static unsafe class CertificateNames
{
    internal static PeerCertificate Of(nint certificate) => new(CommonName(certificate), Uris(certificate));

    private static string? CommonName(nint certificate)
    {
        nint subject = Ssl.X509_get_subject_name(certificate);
        int index = subject == 0 ? -1 : Ssl.X509_NAME_get_index_by_NID(subject, Ssl.NID_commonName, -1);
        if (index < 0)
        {
            return null;
        }
        byte* bytes = null;
        int size = Ssl.ASN1_STRING_to_UTF8(&bytes, Ssl.X509_NAME_ENTRY_get_data(Ssl.X509_NAME_get_entry(subject, index)));
        if (size < 0)
        {
            Ssl.ERR_clear_error();
            return null;
        }
        string? name = Text(new ReadOnlySpan<byte>(bytes, size));
        Ssl.CRYPTO_free(bytes, null, 0);
        return name;
    }

    private static List<string> Uris(nint certificate)
    {
        List<string> uris = [];
        nint names = Ssl.X509_get_ext_d2i(certificate, Ssl.NID_subject_alt_name, 0, 0);
        for (int index = 0; names != 0 && index < Ssl.OPENSSL_sk_num(names); index++)
        {
            int type;
            nint value = Ssl.GENERAL_NAME_get0_value(Ssl.OPENSSL_sk_value(names, index), &type);
            if (type == Ssl.GEN_URI
                && Text(new ReadOnlySpan<byte>(Ssl.ASN1_STRING_get0_data(value), Ssl.ASN1_STRING_length(value))) is { } uri)
            {
                uris.Add(uri);
            }
        }
        Ssl.GENERAL_NAMES_free(names);
        return uris;
    }

    private static string? Text(ReadOnlySpan<byte> bytes) =>
        bytes.IsEmpty || bytes.Contains((byte)0) ? null : Encoding.UTF8.GetString(bytes);
}
