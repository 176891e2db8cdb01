namespace Bixbite.Commands.Server.Shared;

/// <summary>
/// A group of six-sided crystals that grow from one point of the rock, drawn as wire frames: of each prism the edges that face us, its
/// foot and its cap. Every crystal has its own tilt, length and width.
/// </summary>
internal static class BerylDruse
{
    private const double TiltMax = 1.0;
    private const double WidthShareMin = 0.05;
    private const double WidthShareRange = 0.07;

    /// <summary>How much lower the middle of a foot or cap seems than its ends, seen a little from above.</summary>
    private const double Foreshortening = 0.4;

    public static string Draw(int columnCount, int lineCount, int crystalCount, Random random)
    {
        var canvas = new BrailleCanvas(columnCount, lineCount);
        double rootX = canvas.Width / 2.0;
        double rootY = canvas.Height * 0.9;
        for (int i = 0; i < crystalCount; i++)
        {
            double tilt = ((random.NextDouble() * 2) - 1) * TiltMax;
            double length = canvas.Height * (0.35 + (random.NextDouble() * 0.45)) * (1 - (Math.Abs(tilt) * 0.3));
            double width = canvas.Height * (WidthShareMin + (random.NextDouble() * WidthShareRange));
            double x = rootX + ((random.NextDouble() - 0.5) * canvas.Width * 0.3);
            DrawCrystal(canvas, x, rootY, tilt, length, width);
        }
        return canvas.ToString();
    }

    private static void DrawCrystal(BrailleCanvas canvas, double x, double y, double tilt, double length, double width)
    {
        (double sin, double cos) = Math.SinCos(tilt);
        (double X, double Y) topOffset = (sin * length, -cos * length);
        Span<(double X, double Y)> foot = stackalloc (double, double)[6];
        for (int i = 0; i < foot.Length; i++)
        {
            (double cornerY, double cornerX) = Math.SinCos(i * Math.PI / 3);
            double across = cornerX * width;
            double towards = cornerY * width * Foreshortening;
            foot[i] = (x + (across * cos) - (towards * sin), y + (across * sin) + (towards * cos));
        }
        for (int i = 0; i < foot.Length; i++)
        {
            (double X, double Y) here = foot[i];
            (double X, double Y) next = foot[(i + 1) % foot.Length];
            bool isInFront = i < 3;
            canvas.Line(here.X + topOffset.X, here.Y + topOffset.Y, next.X + topOffset.X, next.Y + topOffset.Y);
            if (isInFront)
            {
                canvas.Line(here.X, here.Y, next.X, next.Y);
            }
            if (isInFront || i == 3)
            {
                canvas.Line(here.X, here.Y, here.X + topOffset.X, here.Y + topOffset.Y);
            }
        }
    }
}
