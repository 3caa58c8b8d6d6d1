using System.Security.Cryptography;
using System.Text;
using Replica.PeerCli.Output.Qr;
using Xunit;

namespace Replica.Tests.EndToEnd.Output;

/// <summary>QR codes that an independent reader has read; their drawings are on record by hash.</summary>
public sealed class QrCodeTests
{
    [Theory]
    [InlineData(1, 21, "5ea911c1cdef22a2")]
    [InlineData(25, 21, "7c3211c6e258733a")]
    [InlineData(26, 25, "4d9fce8fdd5e72d8")]
    [InlineData(244, 49, "776cf8bf8d51941a")]
    [InlineData(530, 65, "6c7550542bfaa3d2")]
    [InlineData(4296, 177, "1c2724600d25d074")]
    public void A_code_is_drawn_as_it_was_when_it_was_read(int length, int size, string hash)
    {
        var code = QrCode.TryCreate(Text(length))!;
        var drawn = string.Join("\n", QrText.Lines(code, isScreen: false));

        Assert.Equal(size, code.Size);
        Assert.Equal(hash, Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(drawn)))[..16]);
    }

    [Theory]
    [InlineData("")]
    [InlineData("lower case")]
    public void A_text_with_other_characters_has_no_code(string text) => Assert.Null(QrCode.TryCreate(text));

    [Fact]
    public void A_text_longer_than_any_code_holds_has_none() => Assert.Null(QrCode.TryCreate(Text(4297)));

    [Fact]
    public void On_a_screen_it_is_black_on_white()
    {
        var line = QrText.Lines(QrCode.TryCreate("REPLICA1")!, isScreen: true).First();

        Assert.StartsWith("\e[30;107m", line);
        Assert.EndsWith("\e[0m", line);
    }

    private static string Text(int length) =>
        string.Concat(Enumerable.Range(0, length).Select(static index => "REPLICA1ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"[index * 7 % 40]));
}
