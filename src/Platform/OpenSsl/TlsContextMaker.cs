namespace Bixbite.Platform.OpenSsl;

/// <summary>Makes a <see cref="TlsContext"/> of its options, or says which of them is of no use.</summary>
public sealed unsafe class TlsContextMaker
{
    private readonly TlsContextOptions _options;
    private readonly nint _context;
    private CertificateFacts? _certificate;
    private CertificateFacts? _trusted;

    private TlsContextMaker(TlsContextOptions options)
    {
        _options = options;
        _context = Ssl.SSL_CTX_new(Ssl.TLS_method());
    }

    /// <summary>Makes a context; or returns null, and the reason with the file or setting that is at fault.</summary>
    public static TlsContext? Create(TlsContextOptions options, out string problem)
    {
        if (OpenSslLibrary.Load() is { } missing)
        {
            problem = missing;
            return null;
        }
        Ssl.ERR_clear_error();
        TlsContextMaker maker = new(options);
        problem = maker.Make() ?? "";
        Ssl.ERR_clear_error();
        if (problem.Length == 0)
        {
            return new TlsContext(maker._context)
            {
                Certificate = maker._certificate!, Trusted = maker._trusted, IsResumable = options.IsResumable,
            };
        }
        Ssl.SSL_CTX_free(maker._context);
        return null;
    }

    private string? Make()
    {
        if (_context == 0)
        {
            return $"OpenSSL makes no context: {OpenSslLibrary.TakeError()}";
        }
        SetBasics();
        return UseCertificate() ?? UseKey() ?? Trust() ?? UseCiphers() ?? UseDhParameters();
    }

    private void SetBasics()
    {
        ulong options = Ssl.SSL_OP_NO_COMPRESSION | Ssl.SSL_OP_NO_RENEGOTIATION;
        options |= _options.AllowsTls12 ? 0 : Ssl.SSL_OP_NO_TLSv1_2;
        options |= _options.AllowsTls13 ? 0 : Ssl.SSL_OP_NO_TLSv1_3;
        options |= _options.PrefersServerCiphers ? Ssl.SSL_OP_CIPHER_SERVER_PREFERENCE : 0;
        options |= _options.IsResumable ? 0 : Ssl.SSL_OP_NO_TICKET;
        _ = Ssl.SSL_CTX_set_options(_context, options);
        _ = Ssl.SSL_CTX_ctrl(_context, Ssl.SSL_CTRL_SET_MIN_PROTO_VERSION, Ssl.TLS1_2_VERSION, 0);
        // A record is taken with whatever follows it, instead of its header first.
        _ = Ssl.SSL_CTX_ctrl(_context, Ssl.SSL_CTRL_SET_READ_AHEAD, 1, 0);
        int mode = _options.IsResumable ? Ssl.SSL_SESS_CACHE_SERVER : Ssl.SSL_SESS_CACHE_OFF;
        _ = Ssl.SSL_CTX_ctrl(_context, Ssl.SSL_CTRL_SET_SESS_CACHE_MODE, mode, 0);
        _ = Ssl.SSL_CTX_ctrl(_context, Ssl.SSL_CTRL_SET_SESS_CACHE_SIZE, _options.CachedSessionsMax, 0);
        _ = Ssl.SSL_CTX_set_timeout(_context, _options.SessionSeconds);
        _ = Ssl.SSL_CTX_set_num_tickets(_context, _options.IsResumable ? 1U : 0U);
    }

    private string? UseCertificate()
    {
        using PemReader reader = new(_options.Certificate);
        string? problem = UseCertificates(reader);
        return problem is null ? null : $"the certificate in {_options.Certificate.Path} is of no use: {problem}";
    }

    private string? UseCertificates(PemReader reader)
    {
        nint leaf = reader.NextCertificate();
        if (leaf == 0)
        {
            return OpenSslLibrary.TakeError();
        }
        _certificate = CertificateFacts.Of(leaf);
        bool isUsed = Ssl.SSL_CTX_use_certificate(_context, leaf) == 1;
        Ssl.X509_free(leaf);
        if (!isUsed)
        {
            return OpenSslLibrary.TakeError();
        }
        while (reader.NextCertificate() is var above and not 0)
        {
            if (Ssl.SSL_CTX_ctrl(_context, Ssl.SSL_CTRL_CHAIN_CERT, 0, above) != 1)
            {
                Ssl.X509_free(above);
                return OpenSslLibrary.TakeError();
            }
        }
        return EndOfCertificates();
    }

    private string? UseKey()
    {
        TlsFile file = _options.Key;
        // Without a password OpenSSL would ask for one at the terminal.
        byte[] password = [.. _options.KeyPassword, 0];
        nint key;
        using (PemReader reader = new(file))
        {
            fixed (byte* secret = password)
            {
                key = Ssl.PEM_read_bio_PrivateKey(reader.Bio, 0, 0, secret);
            }
        }
        Array.Clear(password);
        bool isUsed = key != 0 && Ssl.SSL_CTX_use_PrivateKey(_context, key) == 1;
        Ssl.EVP_PKEY_free(key);
        return isUsed ? null : $"the private key in {file.Path} is of no use: {OpenSslLibrary.TakeError()}";
    }

    private string? Trust()
    {
        foreach (TlsFile file in _options.Trusted)
        {
            using PemReader reader = new(file);
            if (Trust(reader) is { } problem)
            {
                return $"the certificates to trust in {file.Path} are of no use: {problem}";
            }
        }
        return null;
    }

    private string? Trust(PemReader reader)
    {
        nint store = Ssl.SSL_CTX_get_cert_store(_context);
        bool isAny = false;
        while (reader.NextCertificate() is var certificate and not 0)
        {
            isAny = true;
            CertificateFacts facts = CertificateFacts.Of(certificate);
            _trusted = _trusted is null || facts.ExpiresAt < _trusted.ExpiresAt ? facts : _trusted;
            bool isAdded = Ssl.X509_STORE_add_cert(store, certificate) == 1;
            Ssl.X509_free(certificate);
            if (!isAdded)
            {
                return OpenSslLibrary.TakeError();
            }
        }
        return isAny ? EndOfCertificates() : OpenSslLibrary.TakeError();
    }

    private string? UseCiphers()
    {
        if (_options.Ciphers.Length > 0 && Ssl.SSL_CTX_set_cipher_list(_context, _options.Ciphers) != 1)
        {
            return $"the list of ciphers '{_options.Ciphers}' is of no use: {OpenSslLibrary.TakeError()}";
        }
        if (_options.CipherSuites.Length > 0 && Ssl.SSL_CTX_set_ciphersuites(_context, _options.CipherSuites) != 1)
        {
            return $"the list of cipher suites '{_options.CipherSuites}' is of no use: {OpenSslLibrary.TakeError()}";
        }
        return null;
    }

    private string? UseDhParameters()
    {
        if (_options.DhParameters is not { } file)
        {
            _ = Ssl.SSL_CTX_ctrl(_context, Ssl.SSL_CTRL_SET_DH_AUTO, 1, 0);
            return null;
        }
        using PemReader reader = new(file);
        nint parameters = Ssl.PEM_read_bio_Parameters(reader.Bio, 0);
        if (parameters != 0 && Ssl.SSL_CTX_set0_tmp_dh_pkey(_context, parameters) == 1)
        {
            return null;
        }
        Ssl.EVP_PKEY_free(parameters);
        return $"the parameters in {file.Path} are of no use: {OpenSslLibrary.TakeError()}";
    }

    /// <summary>Nothing more could be read: null if there is nothing more.</summary>
    private static string? EndOfCertificates()
    {
        if (!OpenSslLibrary.IsEndOfPem())
        {
            return OpenSslLibrary.TakeError();
        }
        Ssl.ERR_clear_error();
        return null;
    }
}
