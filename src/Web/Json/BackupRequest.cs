using System.Security.Cryptography;
using System.Text.Json;
using Replica.Crdt.Encoding;
using Replica.Peer.Membership;

namespace Replica.Web.Json;

/// <summary>The wish for a backup.</summary>
/// <param name="File">The file to make, as a full path.</param>
/// <param name="Passphrase">Seals the keys into it; null to leave them out. Belongs to this object.</param>
internal sealed record BackupRequest(string File, Passphrase? Passphrase) : IDisposable
{
    private static readonly string[] s_names = ["file", "passphrase"];

    /// <summary>Reads the body of the request.</summary>
    /// <exception cref="EncodingException">It is not of this form.</exception>
    /// <exception cref="MembershipException">The passphrase is too short or too long.</exception>
    public static BackupRequest Read(ReadOnlySpan<byte> body)
    {
        var reader = new Utf8JsonReader(body, new JsonReaderOptions { MaxDepth = StrictObject.DepthMax });
        string? file = null;
        Passphrase? passphrase = null;
        var seen = 0;
        try
        {
            _ = reader.Read();
            StrictObject.Start(ref reader, "body");
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                if (StrictObject.Name(ref reader, s_names, ref seen) == "file")
                {
                    file = StrictObject.Text(ref reader, "file");
                }
                else
                {
                    passphrase = ReadPassphrase(ref reader);
                }
            }

            StrictObject.End(ref reader);
            return new(StrictObject.Due(file, "file"), passphrase);
        }
        catch (JsonException fault)
        {
            passphrase?.Dispose();
            throw JsonFault.Explain(fault);
        }
        catch
        {
            passphrase?.Dispose();
            throw;
        }
    }

    public void Dispose() => Passphrase?.Dispose();

    private static Passphrase ReadPassphrase(ref Utf8JsonReader reader)
    {
        if (reader.TokenType != JsonTokenType.String)
        {
            throw new EncodingException("The passphrase must be a text in quotes.");
        }

        // Never as a string, which could not be wiped.
        var text = new char[reader.ValueSpan.Length];
        try
        {
            return Passphrase.FromText(text.AsSpan(0, reader.CopyString(text)));
        }
        catch (InvalidOperationException)
        {
            throw new EncodingException("The passphrase is not valid Unicode.");
        }
        finally
        {
            CryptographicOperations.ZeroMemory(System.Runtime.InteropServices.MemoryMarshal.AsBytes(text.AsSpan()));
        }
    }
}
