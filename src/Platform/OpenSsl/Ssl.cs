using System.Runtime.InteropServices;

namespace Bixbite.Platform.OpenSsl;

/// <summary>
/// The functions of OpenSSL 3 that are used here, by their names. Each is bound when it is first called, and that loads the library; what
/// is never called is never there. Pointers to its objects are numbers.
/// </summary>
internal static unsafe partial class Ssl
{
    internal const string SslName = "libssl.so.3";
    internal const string CryptoName = "libcrypto.so.3";

    internal const ulong SSL_OP_NO_TICKET = 1UL << 14;
    internal const ulong SSL_OP_NO_COMPRESSION = 1UL << 17;
    internal const ulong SSL_OP_CIPHER_SERVER_PREFERENCE = 1UL << 22;
    internal const ulong SSL_OP_NO_TLSv1_2 = 1UL << 27;
    internal const ulong SSL_OP_NO_TLSv1_3 = 1UL << 29;
    internal const ulong SSL_OP_NO_RENEGOTIATION = 1UL << 30;
    internal const int SSL_CTRL_SET_READ_AHEAD = 41;
    internal const int SSL_CTRL_SET_SESS_CACHE_SIZE = 42;
    internal const int SSL_CTRL_SET_SESS_CACHE_MODE = 44;
    internal const int SSL_CTRL_SET_TLSEXT_HOSTNAME = 55;
    internal const int SSL_CTRL_CHAIN_CERT = 89;
    internal const int SSL_CTRL_SET_DH_AUTO = 118;
    internal const int SSL_CTRL_SET_MIN_PROTO_VERSION = 123;
    internal const int SSL_SESS_CACHE_OFF = 0;
    internal const int SSL_SESS_CACHE_SERVER = 2;
    internal const int SSL_VERIFY_NONE = 0;
    internal const int SSL_VERIFY_PEER = 1;
    internal const int SSL_VERIFY_FAIL_IF_NO_PEER_CERT = 2;
    internal const int SSL_SENT_SHUTDOWN = 1;
    internal const int SSL_RECEIVED_SHUTDOWN = 2;
    internal const int TLS1_2_VERSION = 0x0303;
    internal const int X509_V_OK = 0;
    internal const uint X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS = 4;
    internal const int BIO_TYPE_SOURCE_SINK = 0x400;
    internal const int BIO_FLAGS_READ_RETRY = 0x01 | 0x08;
    internal const int BIO_FLAGS_WRITE_RETRY = 0x02 | 0x08;
    internal const int BIO_FLAGS_RETRY = 0x01 | 0x02 | 0x04 | 0x08;
    internal const int NID_commonName = 13;
    internal const int NID_subject_alt_name = 85;
    internal const int GEN_URI = 6;

    [LibraryImport(SslName)]
    internal static partial nint TLS_method();

    [LibraryImport(SslName)]
    internal static partial nint SSL_CTX_new(nint method);

    [LibraryImport(SslName)]
    internal static partial void SSL_CTX_free(nint context);

    [LibraryImport(SslName)]
    internal static partial ulong SSL_CTX_set_options(nint context, ulong options);

    [LibraryImport(SslName)]
    internal static partial nint SSL_CTX_ctrl(nint context, int command, nint number, nint pointer);

    [LibraryImport(SslName)]
    internal static partial int SSL_CTX_set_num_tickets(nint context, nuint count);

    [LibraryImport(SslName)]
    internal static partial nint SSL_CTX_set_timeout(nint context, nint seconds);

    [LibraryImport(SslName, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int SSL_CTX_set_cipher_list(nint context, string list);

    [LibraryImport(SslName, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int SSL_CTX_set_ciphersuites(nint context, string list);

    [LibraryImport(SslName)]
    internal static partial int SSL_CTX_use_certificate(nint context, nint certificate);

    [LibraryImport(SslName)]
    internal static partial int SSL_CTX_use_PrivateKey(nint context, nint key);

    [LibraryImport(SslName)]
    internal static partial int SSL_CTX_set0_tmp_dh_pkey(nint context, nint key);

    [LibraryImport(SslName)]
    internal static partial nint SSL_CTX_get_cert_store(nint context);

    [LibraryImport(SslName)]
    internal static partial nint SSL_new(TlsContext context);

    [LibraryImport(SslName)]
    internal static partial void SSL_free(nint ssl);

    [LibraryImport(SslName)]
    internal static partial void SSL_set_bio(nint ssl, nint input, nint output);

    [LibraryImport(SslName)]
    internal static partial void SSL_set_accept_state(nint ssl);

    [LibraryImport(SslName)]
    internal static partial void SSL_set_connect_state(nint ssl);

    [LibraryImport(SslName)]
    internal static partial void SSL_set_verify(nint ssl, int mode, nint callback);

    [LibraryImport(SslName)]
    internal static partial int SSL_set_session_id_context(nint ssl, byte* text, uint size);

    [LibraryImport(SslName, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int SSL_set1_host(nint ssl, string name);

    [LibraryImport(SslName)]
    internal static partial void SSL_set_hostflags(nint ssl, uint flags);

    [LibraryImport(SslName)]
    internal static partial nint SSL_get0_param(nint ssl);

    [LibraryImport(SslName)]
    internal static partial nint SSL_ctrl(nint ssl, int command, nint number, byte* pointer);

    [LibraryImport(SslName)]
    internal static partial int SSL_do_handshake(nint ssl);

    [LibraryImport(SslName)]
    internal static partial int SSL_read_ex(nint ssl, byte* room, nuint size, nuint* count);

    [LibraryImport(SslName)]
    internal static partial int SSL_write_ex(nint ssl, byte* bytes, nuint size, nuint* count);

    [SuppressGCTransition]
    [LibraryImport(SslName)]
    internal static partial int SSL_has_pending(nint ssl);

    [LibraryImport(SslName)]
    internal static partial int SSL_free_buffers(nint ssl);

    [LibraryImport(SslName)]
    internal static partial int SSL_shutdown(nint ssl);

    [LibraryImport(SslName)]
    internal static partial int SSL_get_shutdown(nint ssl);

    [LibraryImport(SslName)]
    internal static partial void SSL_set_shutdown(nint ssl, int mode);

    [LibraryImport(SslName)]
    internal static partial int SSL_key_update(nint ssl, int type);

    [LibraryImport(SslName)]
    internal static partial ulong SSL_clear_options(nint ssl, ulong options);

    [LibraryImport(SslName)]
    internal static partial int SSL_renegotiate(nint ssl);

    [LibraryImport(SslName)]
    internal static partial int SSL_session_reused(nint ssl);

    [LibraryImport(SslName)]
    internal static partial nint SSL_get1_session(nint ssl);

    [LibraryImport(SslName)]
    internal static partial int SSL_set_session(nint ssl, TlsResumption session);

    [LibraryImport(SslName)]
    internal static partial int SSL_SESSION_is_resumable(nint session);

    [LibraryImport(SslName)]
    internal static partial void SSL_SESSION_free(nint session);

    [LibraryImport(SslName)]
    internal static partial nint SSL_get_verify_result(nint ssl);

    [LibraryImport(SslName)]
    internal static partial nint SSL_get0_peer_certificate(nint ssl);

    [LibraryImport(CryptoName)]
    internal static partial byte* OpenSSL_version(int type);

    [LibraryImport(CryptoName)]
    internal static partial ulong ERR_peek_last_error();

    [LibraryImport(CryptoName)]
    internal static partial void ERR_clear_error();

    [LibraryImport(CryptoName)]
    internal static partial byte* ERR_reason_error_string(ulong error);

    [LibraryImport(CryptoName)]
    internal static partial int BIO_get_new_index();

    [LibraryImport(CryptoName, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial nint BIO_meth_new(int type, string name);

    [LibraryImport(CryptoName)]
    internal static partial int BIO_meth_set_read_ex(nint method, delegate* unmanaged[Cdecl]<nint, byte*, nuint, nuint*, int> read);

    [LibraryImport(CryptoName)]
    internal static partial int BIO_meth_set_write_ex(nint method, delegate* unmanaged[Cdecl]<nint, byte*, nuint, nuint*, int> write);

    [LibraryImport(CryptoName)]
    internal static partial int BIO_meth_set_ctrl(nint method, nint control);

    [LibraryImport(CryptoName)]
    internal static partial nint BIO_meth_get_ctrl(nint method);

    [LibraryImport(CryptoName)]
    internal static partial nint BIO_s_null();

    [LibraryImport(CryptoName)]
    internal static partial nint BIO_new(nint method);

    [LibraryImport(CryptoName)]
    internal static partial nint BIO_new_mem_buf(byte* bytes, int size);

    [LibraryImport(CryptoName)]
    internal static partial int BIO_free(nint bio);

    [SuppressGCTransition]
    [LibraryImport(CryptoName)]
    internal static partial void BIO_set_data(nint bio, void* data);

    [SuppressGCTransition]
    [LibraryImport(CryptoName)]
    internal static partial void* BIO_get_data(nint bio);

    [LibraryImport(CryptoName)]
    internal static partial void BIO_set_init(nint bio, int isReady);

    [SuppressGCTransition]
    [LibraryImport(CryptoName)]
    internal static partial void BIO_set_flags(nint bio, int flags);

    [SuppressGCTransition]
    [LibraryImport(CryptoName)]
    internal static partial void BIO_clear_flags(nint bio, int flags);

    [LibraryImport(CryptoName)]
    internal static partial nint PEM_read_bio_X509(nint bio, nint reused, nint callback, byte* password);

    [LibraryImport(CryptoName)]
    internal static partial nint PEM_read_bio_PrivateKey(nint bio, nint reused, nint callback, byte* password);

    [LibraryImport(CryptoName)]
    internal static partial nint PEM_read_bio_Parameters(nint bio, nint reused);

    [LibraryImport(CryptoName)]
    internal static partial void EVP_PKEY_free(nint key);

    [LibraryImport(CryptoName)]
    internal static partial void X509_free(nint certificate);

    [LibraryImport(CryptoName)]
    internal static partial int X509_STORE_add_cert(nint store, nint certificate);

    [LibraryImport(CryptoName, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int X509_VERIFY_PARAM_set1_ip_asc(nint parameters, string address);

    [LibraryImport(CryptoName)]
    internal static partial nint X509_get0_notAfter(nint certificate);

    [LibraryImport(CryptoName)]
    internal static partial nint X509_get0_serialNumber(nint certificate);

    [LibraryImport(CryptoName)]
    internal static partial nint X509_get_subject_name(nint certificate);

    [LibraryImport(CryptoName)]
    internal static partial int X509_NAME_get_index_by_NID(nint name, int kind, int after);

    [LibraryImport(CryptoName)]
    internal static partial nint X509_NAME_get_entry(nint name, int index);

    [LibraryImport(CryptoName)]
    internal static partial nint X509_NAME_ENTRY_get_data(nint entry);

    [LibraryImport(CryptoName)]
    internal static partial nint X509_get_ext_d2i(nint certificate, int kind, nint isCritical, nint index);

    [LibraryImport(CryptoName)]
    internal static partial void GENERAL_NAMES_free(nint names);

    [LibraryImport(CryptoName)]
    internal static partial nint GENERAL_NAME_get0_value(nint name, int* type);

    [LibraryImport(CryptoName)]
    internal static partial int OPENSSL_sk_num(nint stack);

    [LibraryImport(CryptoName)]
    internal static partial nint OPENSSL_sk_value(nint stack, int index);

    [LibraryImport(CryptoName)]
    internal static partial int ASN1_STRING_length(nint text);

    [LibraryImport(CryptoName)]
    internal static partial byte* ASN1_STRING_get0_data(nint text);

    [LibraryImport(CryptoName)]
    internal static partial int ASN1_STRING_to_UTF8(byte** bytes, nint text);

    [LibraryImport(CryptoName)]
    internal static partial int ASN1_TIME_to_tm(nint time, BrokenDownTime* parts);

    [LibraryImport(CryptoName)]
    internal static partial void CRYPTO_free(void* block, byte* file, int line);

    /// <summary>The C library's <c>struct tm</c>.</summary>
    [StructLayout(LayoutKind.Sequential)]
    internal struct BrokenDownTime
    {
        internal int Second;
        internal int Minute;
        internal int Hour;
        internal int Day;
        internal int Month;
        internal int Year;
        internal int WeekDay;
        internal int YearDay;
        internal int IsSummerTime;
        internal long Offset;
        internal nint Zone;
    }
}
